import { z } from 'zod';
import { defineSource } from '../define-source.ts';
import { isDay } from '../fields.ts';
import { bookings } from './bookings.ts';
import { clients } from './clients.ts';
import { rooms } from './rooms.ts';
import { readWebhook } from './webhook.ts';
import { FIRST_DAY } from './windows.ts';

/** LitePMS, hotels. Facts and their evidence: README.md beside this file. */
export const source = defineSource({
  name: 'litepms',
  title: 'LitePMS',
  baseUrl: 'https://litepms.ru/api',
  limits: { read: '120/min' },
  // A full run costs one request a booking: once a week. What is deleted otherwise comes by webhook, or by the hot set.
  schedule: { clients: '1h', rooms: '1h', bookings: '5m', hotSet: '15m', full: '0 3 * * 0' },
  account: z.strictObject({ login: z.string().min(1), apiKey: z.string().min(1) }),
  options: z.strictObject({ from: calendarDay().default(FIRST_DAY) }),
  entities: [clients, rooms, bookings],
  webhook: readWebhook,
  // Loaded on demand: a production process has no use for it.
  simulate: async (options) => (await import('./simulate.ts')).simulate(options),
});

/** First day of change that a first load goes back to. */
function calendarDay() {
  return z.string().refine(
    (day) => {
      const [matched, y, m, d] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
      return matched !== undefined && isDay(Number(y), Number(m), Number(d));
    },
    { error: `Write a day YYYY-MM-DD, e.g. ${FIRST_DAY}` },
  );
}
