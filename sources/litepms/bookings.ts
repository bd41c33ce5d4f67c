import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { externalIdOf, idText, money, ownId, text, wholeNumber, zoned } from '../fields.ts';
import { changeList } from './change-list.ts';
import { localTime, versionOf } from './fields.ts';
import { byId } from './one.ts';
import { canonicalStatus } from './status.ts';

/**
 * README.md §6.2. `id` is the key; `booking_id` is the number that staff sees. The copy of the guest inside the booking has no
 * column and so stays in `additional_info`: it is all there is when the client is 0 or gone.
 */
export const bookings = defineEntity({
  name: 'bookings',
  table: 'bookings',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  version: (record) => versionOf(record.last_update),
  references: [
    { column: 'client_id', from: 'client_external_id', entity: 'clients', scope: 'account' },
    { column: 'room_id', from: 'room_external_id', entity: 'rooms', scope: 'account' },
  ],
  listing: changeList,
  one: byId('getBooking', /reservation|booking|брон/i),
  absence: 'deleted',
  schema: z.object({
    id: ownId,
    booking_id: text,
    client_id: idText,
    room_id: idText,
    status_id: text,
    status_name: text,
    date: localTime,
    last_update: localTime,
    date_in: localTime,
    date_out: localTime,
    person: wholeNumber,
    person_add: wholeNumber,
    price: money,
    payed: money,
    service_title: text,
    service_name: text,
    service_number: text,
    comment: text,
    client_booking_comment: text,
  }),
  keep: ['status_id', 'status_name', 'service_title', 'service_name'],
  toRow: (booking, account) => ({
    number: booking.booking_id,
    client_external_id: booking.client_id,
    room_external_id: booking.room_id,
    status: canonicalStatus(booking.status_id),
    source_status: booking.status_name ?? booking.status_id,
    check_in: zoned(booking.date_in, account),
    check_out: zoned(booking.date_out, account),
    guests: booking.person,
    extra_guests: booking.person_add,
    price: booking.price,
    paid: booking.payed,
    currency: account.currency,
    channel: booking.service_title ?? booking.service_name,
    channel_number: booking.service_number,
    comment: booking.comment,
    client_comment: booking.client_booking_comment,
    source_created_at: zoned(booking.date, account),
    source_updated_at: zoned(booking.last_update, account),
  }),
});
