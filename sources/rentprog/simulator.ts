/**
 * A RentProg of our own for demos, trials, tests and benchmarks: a real HTTP server with seeded, invented data that
 * behaves as the API notes say, habits and faults included.
 *
 *   const simulator = await startRentprogSimulator({ bookings: 500, limits: null });
 *   simulator.url; simulator.branches[0].companyToken;   // what a branch's account needs
 *   simulator.faults.reset = 0.1;                        // faults go on and off at any time
 *   simulator.mutate.createBooking('tbilisi');           // the vendor's data change, webhooks go out
 *   simulator.truth();                                   // what a complete mirror must hold
 *   await simulator.close();
 *
 * Records are made on demand from the seed and their index, so a world of a million bookings starts at once.
 */
import { serveSimulator } from '../simulator-server.ts';
import { BASE_PATH, createHandler } from './simulator/handle-request.ts';
import { createLiveMutation } from './simulator/live-mutation.ts';
import { createMutations } from './simulator/mutate.ts';
import { createRecordFaults } from './simulator/record-faults.ts';
import { createRoutes } from './simulator/routes.ts';
import { createSearch } from './simulator/search.ts';
import { resolveSettings } from './simulator/settings.ts';
import { createStore } from './simulator/store.ts';
import { createTokens } from './simulator/tokens.ts';
import { readTruth } from './simulator/truth.ts';
import type { RentprogSimulator, RentprogSimulatorOptions, Requests } from './simulator/types.ts';
import { createWebhooks } from './simulator/webhooks.ts';
import { createWorld } from './simulator/world.ts';

export type * from './simulator/types.ts';

/** Starts the server; throws RangeError for options that contradict each other. */
export async function startRentprogSimulator(options: RentprogSimulatorOptions = {}): Promise<RentprogSimulator> {
  const settings = resolveSettings(options);
  const { faults } = settings;
  const world = createWorld(settings);
  const store = createStore(world);
  const recordFaults = createRecordFaults(world, faults);
  const webhooks = createWebhooks(settings);
  const mutate = createMutations(world, store, webhooks);
  const live = createLiveMutation(settings, store, mutate);
  const requests = noRequests();
  const handle = createHandler({
    settings,
    faults,
    requests,
    tokens: createTokens(settings.tokenLifetimeMs),
    route: createRoutes(settings, { store, search: createSearch(world, store), recordFaults, faults }),
    shiftPages: (branch) => mutate.createBooking(settings.branches[branch]?.name ?? ''),
  });

  const server = await serveSimulator({ ...settings, requests, handle });

  return {
    url: `${server.origin}${BASE_PATH}`,
    branches: settings.branches,
    faults,
    truth: () => readTruth(world, store, recordFaults),
    requests,
    resetRequests: () => Object.assign(requests, noRequests()),
    mutate,
    webhooks: webhooks.counts,
    webhooksSettled: webhooks.settled,
    repairBrokenRecords() {
      faults.brokenRecords = 0;
    },
    startLiveMutation: live.start,
    stopLiveMutation: live.stop,
    async close() {
      live.stop();
      await webhooks.settled();
      await server.close();
    },
  };
}

const noRequests = (): Requests => ({
  total: 0,
  byPath: {},
  byBranch: {},
  searches: [],
  rateLimited: 0,
  maxInFlight: 0,
});
