import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '../../jobs/backoff.ts';
import { fetchQueueName, paceMs } from '../../jobs/fetch-queue.ts';

const SEED = 9;

test('the wait before another try doubles from 250 ms to 30 s', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((attempts) => backoffMs(attempts, () => 0));
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('up to half of the wait is taken off, never more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
      const full = backoffMs(attempts, () => 0);
      expect(backoffMs(attempts, () => random)).toBeLessThanOrEqual(full);
      expect(backoffMs(attempts, () => random)).toBeGreaterThanOrEqual(full / 2);
    }),
    { seed: SEED },
  );
});

test('a budget becomes a pace that never exceeds it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(1000, 60_000, 3_600_000), (max, perMs) => {
      expect(perMs / paceMs({ max, perMs })).toBeLessThanOrEqual(max);
    }),
    { seed: SEED },
  );
  expect(paceMs({ max: 120, perMs: 60_000 })).toBe(510);
  // More than one a millisecond cannot be paced.
  expect(paceMs({ max: 1001, perMs: 1000 })).toBe(0);
});

test('every account and rate class has a queue of its own', () => {
  expect(fetchQueueName('rentprog', 'tbilisi', 'read')).toBe('fetch.rentprog.tbilisi.read');
});
