import { z } from 'zod';
import { defineSource } from '../define-source.ts';
import { bookings } from './bookings.ts';
import { cars } from './cars.ts';
import { clients } from './clients.ts';
import { openSession } from './session.ts';
import { readWebhook } from './webhook.ts';

/** RentProg, car rental. Facts and their evidence: README.md beside this file. */
export const source = defineSource({
  name: 'rentprog',
  title: 'RentProg',
  baseUrl: 'https://rentprog.net/api/v1/public',
  limits: { read: '120/min', search: '30/min', auth: '60/min' },
  schedule: { clients: '15m', cars: '1h', bookings: '5m', full: '0 3 * * *' },
  account: z.strictObject({ companyToken: z.string().min(1) }),
  openSession,
  authorize: ({ token }) => ({ authorization: `Bearer ${token}` }),
  entities: [clients, cars, bookings],
  webhook: readWebhook,
  // Loaded on demand: a production process has no use for it.
  simulate: async (options) => (await import('./simulate.ts')).simulate(options),
});
