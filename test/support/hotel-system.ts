import type { Account } from '../../sources/define-source.ts';

/** The house hotel's account, as the settings would give it. */
export const houseAccount: Account = {
  source: 'hotel',
  name: 'house',
  baseUrl: 'schema:hotel',
  timezone: 'Europe/Moscow',
  currency: 'RUB',
  credentials: {},
  options: { checkIn: '14:00', checkOut: '12:00' },
};
