import type { Account } from '../../../sources/define-source.ts';
import { type LitepmsSimulatorOptions, startLitepmsSimulator } from '../../../sources/litepms/simulator.ts';
import { type RentprogSimulatorOptions, startRentprogSimulator } from '../../../sources/rentprog/simulator.ts';
import { answerQuestions, readUsage } from './child.ts';

export type SimulatedVendor =
  | ({ source: 'rentprog' } & RentprogSimulatorOptions)
  | ({ source: 'litepms' } & LitepmsSimulatorOptions);

export interface VendorRequests {
  total: number;
  /** HTTP 429 answered. */
  rateLimited: number;
  /** Different ids that were asked for by search. */
  lookups: number;
}

let requestsOf: (() => VendorRequests) | undefined;
let reprices: ((id: number, total: number) => void) | undefined;

answerQuestions({
  start: (vendor: SimulatedVendor) => (vendor.source === 'rentprog' ? startCars(vendor) : startHotels(vendor)),
  requests: () => requestsOf?.(),
  /** Gives a booking another price; answers once it has it. */
  reprice: ({ id, total }: { id: number; total: number }) => reprices?.(id, total),
  usage: readUsage,
});

async function startCars(options: RentprogSimulatorOptions) {
  const simulator = await startRentprogSimulator(options);
  requestsOf = () => {
    const { total, rateLimited, searches } = simulator.requests;
    return { total, rateLimited, lookups: new Set(searches.map((search) => search.query)).size };
  };
  reprices = (id, total) => simulator.mutate.updateBooking(id, { total });
  const accounts = simulator.branches.map(({ companyToken, ...branch }) =>
    accountOf('rentprog', simulator.url, branch, { companyToken }),
  );
  return { url: simulator.url, accounts };
}

async function startHotels(options: LitepmsSimulatorOptions) {
  const simulator = await startLitepmsSimulator(options);
  requestsOf = () => ({ total: simulator.requests.total, rateLimited: simulator.requests.rateLimited, lookups: 0 });
  const accounts = simulator.hotels.map(({ login, apiKey, ...hotel }) => ({
    ...accountOf('litepms', simulator.url, hotel, { login, apiKey }),
    options: { from: '2024-01-01' },
  }));
  return { url: simulator.url, accounts };
}

function accountOf(
  source: string,
  baseUrl: string,
  { name, timezone, currency }: { name: string; timezone: string; currency: string },
  credentials: Record<string, string>,
): Account {
  return { source, name, baseUrl, timezone, currency, credentials, options: {} };
}
