import type { Simulation, SimulationOptions } from '../define-source.ts';
import { startLitepmsSimulator } from './simulator.ts';

/** Faster than what we allow ourselves at the real vendor, so that a trial takes seconds; held to just the same. */
const READS_PER_MINUTE = 900;
/** A booking costs a request, so there are fewer of them than the other vendors have. */
const RECORDS_PER_BOOKING = 4;
const FEWEST_BOOKINGS = 60;
const HISTORY_DAYS = 400;
const DAY_MS = 86_400_000;

/** Two hotels whose ids are the same numbers. A few bookings point at clients that the list does not have, or nobody has. */
export async function simulate({ records, seed, ...address }: SimulationOptions): Promise<Simulation> {
  const simulator = await startLitepmsSimulator({
    ...address,
    seed,
    bookings: Math.min(records, Math.max(FEWEST_BOOKINGS, Math.ceil(records / RECORDS_PER_BOOKING))),
    historyDays: HISTORY_DAYS,
    limits: { read: READS_PER_MINUTE },
    latencyMs: [10, 60],
  });
  // Bookings are made up to 60 days ahead of the stay and change no earlier than that.
  const from = new Date(Date.now() - (HISTORY_DAYS + 65) * DAY_MS).toISOString().slice(0, 10);
  return {
    baseUrl: simulator.url,
    limits: { read: `${READS_PER_MINUTE}/min` },
    accounts: Object.fromEntries(
      simulator.hotels.map(({ name, login, apiKey, timezone, currency }) => [
        name,
        { login, apiKey, timezone, currency, from },
      ]),
    ),
    close: () => simulator.close(),
  };
}
