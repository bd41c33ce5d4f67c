import type { Simulation, SimulationOptions } from '../define-source.ts';
import { startRentprogSimulator } from './simulator.ts';

/** Faster than the real vendor (120 and 30 a minute), so that a trial takes seconds; held to just the same. */
const LIMITS = { read: 600, search: 300, auth: 60 };

/** Four branches. Of `records` bookings a few dozen point at clients that the list does not have, five at nobody at all. */
export async function simulate({ records, seed, ...address }: SimulationOptions): Promise<Simulation> {
  const simulator = await startRentprogSimulator({
    ...address,
    seed,
    bookings: records,
    limits: LIMITS,
    latencyMs: [10, 60],
  });
  return {
    baseUrl: simulator.url,
    limits: Object.fromEntries(Object.entries(LIMITS).map(([rateClass, max]) => [rateClass, `${max}/min`])),
    accounts: Object.fromEntries(
      simulator.branches.map(({ name, companyToken, timezone, currency }) => [
        name,
        { companyToken, timezone, currency },
      ]),
    ),
    close: () => simulator.close(),
  };
}
