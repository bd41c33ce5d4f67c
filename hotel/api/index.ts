import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { bookIn, deleteBooking, updateBooking } from '../bookings.ts';
import { type HotelDesk, keyFor } from '../desk.ts';
import { createGuest, deleteGuest, listGuests, readGuest, updateGuest } from '../guests.ts';
import { listBookings, readBooking } from '../read-bookings.ts';
import { createRoom, deleteRoom, listRooms, readRoom, updateRoom } from '../rooms.ts';
import {
  bookInInput,
  bookingChanges,
  bookingQuery,
  guestChanges,
  guestInput,
  guestQuery,
  roomChanges,
  roomQuery,
  roomSent,
} from '../shapes.ts';
import { addResource } from './add-resource.ts';
import { addViews } from './add-views.ts';
import { alongAnswer, bookingAnswer, guestAnswer, roomAnswer } from './answers.ts';
import { addHotelProblems } from './problem.ts';

const { booking, guests } = bookInInput.shape;
/** Guests stand beside the dates: those who are here by `{ id }`, new ones by what is known of them. */
const bookingWithGuests = booking.extend({ guests: z.array(guests.element).max(100).default([]) });

/** `/api/hotel/…`: the front desk for programs. */
export async function addHotelApi(root: FastifyInstance, desk: HotelDesk): Promise<void> {
  const { db } = desk;
  await root.register(async (app) => {
    addHotelProblems(app);
    addViews(app, desk);
    addResource(app, desk, {
      name: 'guests',
      one: 'guest',
      query: guestQuery,
      input: guestInput,
      changes: guestChanges,
      answer: guestAnswer,
      gone: alongAnswer,
      list: (query) => listGuests(db, query),
      read: (id) => readGuest(db, id),
      create: (guest, inTransaction) => inTransaction(db, (trx) => createGuest(trx, guest)),
      update: (id, changes, condition) => updateGuest(db, id, changes, condition),
      remove: (id, condition) => deleteGuest(db, id, condition),
    });
    addResource(app, desk, {
      name: 'rooms',
      one: 'room',
      query: roomQuery,
      input: roomSent,
      changes: roomChanges,
      answer: roomAnswer,
      gone: alongAnswer,
      list: (query) => listRooms(db, query),
      read: (id) => readRoom(db, id),
      create: (room, inTransaction) => inTransaction(db, (trx) => createRoom(trx, room)),
      update: (id, changes, condition) => updateRoom(db, id, changes, condition),
      remove: (id, condition) => deleteRoom(db, id, condition),
    });
    addResource(app, desk, {
      name: 'bookings',
      one: 'booking',
      query: bookingQuery,
      input: bookingWithGuests,
      changes: bookingChanges,
      answer: bookingAnswer,
      gone: z.object({}),
      list: (query) => listBookings(db, query),
      read: (id) => readBooking(db, id),
      create: ({ guests: who, ...stay }, inTransaction) =>
        bookIn(db, { booking: stay, guests: who }, { ...keyFor(desk, stay), inTransaction }),
      update: (id, changes, condition) => updateBooking(db, id, changes, { ...condition, ...keyFor(desk, changes) }),
      async remove(id, condition) {
        await deleteBooking(db, id, condition);
        return {};
      },
    });
  });
}
