import { expect, test } from 'vitest';
import { source as rentprog } from '../../sources/rentprog/index.ts';
import { booking, openLandingBench } from '../support/landing.ts';

test('a time that summer time skips or repeats is a moment all the same, and the same one every time', async () => {
  const place = { baseUrl: 'http://127.0.0.1:1', timezone: 'Europe/Berlin', currency: 'EUR' };
  const bench = await openLandingBench(rentprog, (name) => ({
    source: 'rentprog',
    name,
    ...place,
    credentials: {},
    options: {},
  }));
  try {
    const times = { start_date: '30-03-2025 2:30', end_date: '26-10-2025 2:30' };
    await bench.land('bookings', [
      booking(1, null, times),
      booking(2, null, { start_date: '01-01-0001 0:00', end_date: '31-12-9999 23:59' }),
    ]);
    await bench.apply('bookings', [1, 2]);
    const rows = await bench.rows(
      '(select external_id, account, check_in::text as i, check_out::text as o from bookings) b',
    );
    const utc = rows.map(({ i, o }) => [i, o].map((text) => (/BC/.test(text) ? text : new Date(text).toISOString())));
    // Half past two does not exist: it is half past three. Of two half past twos it is the second.
    expect(utc[0]).toEqual(['2025-03-30T01:30:00.000Z', '2025-10-26T01:30:00.000Z']);
    expect(rows[1].i).toMatch(/^0001-12-31|^0001-01-01/);
    expect(rows[1].o).toMatch(/^9999-12-31|^10000-01-01/);
  } finally {
    await bench.close();
  }
});
