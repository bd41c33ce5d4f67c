import { z } from 'zod';
import { type AskDatabase, defineSource } from '../define-source.ts';
import { bookings } from './bookings.ts';
import { clients } from './clients.ts';
import { rooms } from './rooms.ts';

const hour = (example: string) =>
  z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: `Write an hour, e.g. "${example}"` })
    .default(example);

/** The hotel that pmsync runs itself, in the schema `hotel`. Its rules are in docs/hotel.md. */
export const source = defineSource({
  name: 'hotel',
  title: 'House hotel',
  // Nobody is asked over a network.
  baseUrl: 'schema:hotel',
  limits: { read: '6000/min' },
  // Changes come by the outbox at once; a reading finds what somebody has put past it, and moves stays on with the calendar.
  schedule: { clients: '1h', rooms: '1h', bookings: '1h', full: '30 3 * * *' },
  account: z.strictObject({}),
  options: z.strictObject({ checkIn: hour('14:00'), checkOut: hour('12:00') }),
  entities: [clients, rooms, bookings],
  inHouse: {
    account: 'house',
    outbox: 'hotel.outbox',
    channel: 'hotel_outbox',
    async prepare(ask, { timezone }) {
      await ask('update hotel.settings set timezone = $1 where timezone <> $1', [timezone]);
    },
    demo: {
      account: { timezone: 'Europe/Moscow', currency: 'RUB' },
      fill: async (ask: AskDatabase) => (await import('./demo-hotel.ts')).fillHotel(ask),
    },
  },
});
