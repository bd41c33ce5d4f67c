import { z } from 'zod';
import { ROOM_CLASSES } from '../rooms.ts';

const moment = z.iso.datetime();
const day = z.iso.date();
const id = z.int();
const amount = z.string().describe('Decimal with two places, in the currency of the hotel');
const kept = { created_at: moment, updated_at: moment, version: z.int().describe('The number in the ETag') };

export const guestAnswer = z.object({
  id,
  last_name: z.string(),
  first_name: z.string(),
  middle_name: z.string().nullable(),
  passport_series: z.string(),
  passport_number: z.string(),
  phone: z.string().nullable(),
  ...kept,
});

export const roomAnswer = z.object({
  id,
  area: z.int().describe('Square metres'),
  price_per_night: amount,
  class: z.enum(ROOM_CLASSES),
  has_kitchen: z.boolean(),
  rooms_count: z.int(),
  ...kept,
});

export const bookingAnswer = z.object({
  id,
  booked_on: day,
  check_in: day,
  check_out: day,
  nights: z.int(),
  room_id: id,
  price_per_night: amount,
  total: amount,
  card_last4: z.string().nullable().describe('All that is ever told of a card'),
  card_length: z.int().nullable(),
  guests: z
    .array(guestAnswer.pick({ id: true, last_name: true, first_name: true, middle_name: true, phone: true }))
    .describe('The first one is whom the booking is for'),
  ...kept,
});

const conflict = z.object({ booking_id: id, room_id: id, check_in: day, check_out: day });
const brief = z.object({ id, room_id: id, check_in: day, check_out: day });
const stay = conflict.extend({ guest: z.string().nullable(), guests: z.int() });

export const alongAnswer = z.object({
  deleted: z.array(brief),
  deleted_count: z.int(),
  kept: z.array(brief).describe('Bookings that stay, without this guest'),
  kept_count: z.int(),
});

export const freeRoomsAnswer = z.object({
  items: z.array(roomAnswer.extend({ nights: z.int(), total: amount })),
});

export const priceAnswer = z.object({
  nights: z.int(),
  price_per_night: amount,
  total: amount,
  conflict: conflict.nullable(),
  problems: z.array(z.object({ field: z.string(), en: z.string(), ru: z.string() })),
});

export const boardAnswer = z.object({
  today: day,
  days: z.array(day),
  rooms: z.array(roomAnswer.pick({ id: true, class: true, price_per_night: true }).extend({ stays: z.array(stay) })),
  arrivals: z.array(stay),
  departures: z.array(stay),
  in_house: z.array(stay),
});

/** RFC 9457. */
export const problemAnswer = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('In the language of Accept-Language, Russian or English'),
  code: z.string(),
  errors: z.array(
    z.object({
      field: z.string().nullable().describe('e.g. check_in, guests.0.last_name'),
      code: z.string(),
      message: z.string(),
      constraint: z.string().optional(),
    }),
  ),
  conflict: conflict.optional().describe('The booking that has the room'),
  current: z.int().optional().describe('The version the record has now'),
});
