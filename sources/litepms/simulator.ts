/**
 * A LitePMS of our own for demos, trials, tests and benchmarks: a real HTTP server with seeded, invented data that
 * behaves as the API notes say, habits and faults included.
 *
 *   const simulator = await startLitepmsSimulator({ bookings: 200, limits: null });
 *   simulator.url; simulator.hotels[0].login;            // what a hotel's account needs
 *   simulator.faults.reset = 0.1;                        // faults go on and off at any time
 *   simulator.mutate.editBooking('main', '5000001', { price: '100.00' });
 *   simulator.truth().main.bookings;                     // what a complete mirror must hold
 *   await simulator.close();
 *
 * Records are made on demand from the seed and their index, so a world of a million bookings starts at once.
 */
import { serveSimulator } from '../simulator-server.ts';
import { createClock } from './simulator/days.ts';
import { BASE_PATH, createHandler } from './simulator/handle-request.ts';
import { createLiveMutation } from './simulator/live-mutation.ts';
import { createMethods, type HotelParts } from './simulator/methods.ts';
import { createMutations } from './simulator/mutate.ts';
import { createRecordFaults } from './simulator/record-faults.ts';
import { resolveSettings } from './simulator/settings.ts';
import { createStore } from './simulator/store.ts';
import { readTruth } from './simulator/truth.ts';
import type { LitepmsSimulator, LitepmsSimulatorOptions, Requests } from './simulator/types.ts';
import { createWebhooks } from './simulator/webhooks.ts';
import { createWorld } from './simulator/world.ts';

export type * from './simulator/types.ts';

/** Starts the server; throws RangeError for options that contradict each other. */
export async function startLitepmsSimulator(options: LitepmsSimulatorOptions = {}): Promise<LitepmsSimulator> {
  const settings = resolveSettings(options);
  const clock = createClock(settings.today);
  const hotels = settings.hotels.map((hotel, index): HotelParts => {
    const world = createWorld(settings, index, clock);
    return { hotel, store: createStore(world), recordFaults: createRecordFaults(world, settings.faults) };
  });
  const webhooks = createWebhooks(settings);
  const mutate = createMutations(hotels, clock, webhooks);
  const live = createLiveMutation(settings.seed, hotels, mutate);
  const requests = noRequests();
  const handle = createHandler({ settings, requests, hotels, methodNamed: createMethods(settings, clock) });

  const server = await serveSimulator({ ...settings, requests, handle });

  return {
    url: `${server.origin}${BASE_PATH}`,
    hotels: settings.hotels,
    faults: settings.faults,
    truth: () => Object.fromEntries(hotels.map((parts) => [parts.hotel.name, readTruth(parts)])),
    requests,
    resetRequests: () => Object.assign(requests, noRequests()),
    mutate,
    today: (name) => clock.today(settings.hotels.find((hotel) => hotel.name === name)?.timezone ?? 'UTC'),
    setToday: clock.setToday,
    sendWebhook: webhooks.send,
    webhooks: webhooks.counts,
    webhooksSettled: webhooks.settled,
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
  byMethod: {},
  byHotel: {},
  calls: [],
  rateLimited: 0,
  maxInFlight: 0,
});
