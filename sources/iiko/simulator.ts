/**
 * An iikoServer of our own for demos, trials, tests and benchmarks: a real HTTP server with seeded, invented data that
 * behaves as README.md says, habits and faults included.
 *
 *   const simulator = await startIikoSimulator({ days: 7, lines: 500 });
 *   simulator.url; simulator.login; simulator.password;  // what an account needs
 *   simulator.faults.reset = 0.1;                        // faults go on and off at any time
 *   simulator.mutate.returnLine('2026-10-05', lineId);   // the vendor's data change
 *   simulator.truth({ from: '2026-10-01', to: '2026-10-05' }); // what a complete mirror must hold
 *   simulator.assertGoodManners({ allLoggedOut: true });
 *   await simulator.close();
 *
 * Days are made on demand from the seed, so a year of a million receipt lines starts at once.
 */
import { serveSimulator } from '../simulator-server.ts';
import { BASE_PATH, createHandler } from './simulator/handle-request.ts';
import { createLicence } from './simulator/licence.ts';
import { badManners } from './simulator/manners.ts';
import { createMutations } from './simulator/mutate.ts';
import { createRoutes } from './simulator/routes.ts';
import { resolveSettings } from './simulator/settings.ts';
import { readTruth } from './simulator/truth.ts';
import type { IikoSimulator, IikoSimulatorOptions, Requests } from './simulator/types.ts';
import { createWorld } from './simulator/world.ts';

export type * from './simulator/types.ts';

/** Starts the server; throws RangeError for options that make no world. */
export async function startIikoSimulator(options: IikoSimulatorOptions = {}): Promise<IikoSimulator> {
  const settings = resolveSettings(options);
  const { faults } = settings;
  const world = createWorld(settings);
  const licence = createLicence(settings.licences, settings.tokenLifetimeMs);
  const requests = noRequests();
  const handle = createHandler({ settings, faults, requests, licence, route: createRoutes(world, faults) });

  const server = await serveSimulator({ ...settings, requests, handle });

  return {
    url: `${server.origin}${BASE_PATH}`,
    login: settings.login,
    password: settings.password,
    departments: world.corporation.departments,
    faults,
    truth: ({ from, to } = { from: '0001-01-01', to: '9999-12-31' }) => readTruth(world, from, to),
    requests,
    resetRequests: () => Object.assign(requests, noRequests()),
    mutate: createMutations(world),
    openSessions: licence.alive,
    restart: licence.endAll,
    assertGoodManners(expected = {}) {
      const breaches = badManners(requests, settings.licences, licence.alive(), expected);
      if (breaches.length > 0) throw new Error(`The client has bad manners: ${breaches.join('; ')}`);
    },
    close: server.close,
  };
}

const noRequests = (): Requests => ({
  total: 0,
  byPath: {},
  olap: [],
  maxInFlight: 0,
  logins: 0,
  logouts: 0,
  refusedLogins: [],
  plainPasswords: 0,
  maxSessions: 0,
  unauthorized: 0,
});
