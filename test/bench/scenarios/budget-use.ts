import type { Bench } from '../bench-system.ts';

/** Reads bookings under a vendor's limit: the requests it took, what share of those allowed that was in %, and how many were refused. */
export async function readUnderBudget(bench: Bench, perSecond: number) {
  const before = (await bench.requests()).total;
  const seconds = await bench.sync(['bookings']);
  const { total, rateLimited } = await bench.requests();
  const requests = total - before;
  return { requests, seconds, refused: rateLimited, share: (100 * requests) / (perSecond * seconds) };
}
