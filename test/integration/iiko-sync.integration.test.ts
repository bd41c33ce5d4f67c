import { afterEach, describe, expect, test } from 'vitest';
import { type Faults, type IikoSimulatorOptions, startIikoSimulator } from '../../sources/iiko/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectCatalogueMirrored, expectSalesMirrored, iikoAccount } from '../support/iiko-truth.ts';
import { expectBalanced, expectNobodyForgotten, rowVersions } from '../support/invariants.ts';
import { type SystemOptions, startSystem } from '../support/system.ts';

const SEED = 5;

/** Everything that passes: the server restarts, is slow or down, forgets tokens, and answers halves and nothing. */
const TRANSIENT: Partial<Faults> = {
  restartPage: 0.05,
  expiredToken: 0.05,
  serverError: 0.05,
  reset: 0.05,
  slow: { ms: 100, rate: 0.05 },
  truncated: 0.05,
  malformedOlap: 0.05,
  emptyOlap: 0.1,
  longDates: true,
  longNumbers: true,
  numbersAsText: true,
};

describe.each(queueBackends())('a sync of iiko with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: IikoSimulatorOptions, options: Partial<SystemOptions> = {}) {
    const simulator = await startIikoSimulator({ seed: SEED, days: 8, lines: 600, ...world });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, accounts: [iikoAccount(simulator)], ...options });
    opened.push(system);
    return { simulator, system };
  }

  test('mirrors the lists and every sale, field by field', async () => {
    const { simulator, system } = await start({});
    const runs = await system.sync();
    expect(runs.map((run) => [run.entity, run.status, run.error])).toEqual(
      runs.map((run) => [run.entity, 'succeeded', null]),
    );
    await expectCatalogueMirrored(system.db, simulator);
    await expectSalesMirrored(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
    simulator.assertGoodManners();
    expect(simulator.requests.logins).toBe(1);
    await system.stopWorkers();
    simulator.assertGoodManners({ allLoggedOut: true });
    expect(simulator.requests.logouts).toBe(1);
  });

  test('writes nothing when nothing has changed', async () => {
    const { system } = await start({});
    await system.sync();
    const before = await rowVersions(system.db);
    const quiet = await system.sync();
    expect(quiet.map((run) => run.status)).toEqual(quiet.map(() => 'succeeded'));
    expect(quiet.filter((run) => run.fetched !== run.unchanged)).toEqual([]);
    expect(await rowVersions(system.db)).toEqual(before);
  });

  test('comes to the same through everything that passes', async () => {
    const { simulator, system } = await start({ faults: TRANSIENT });
    const runs = await system.sync();
    expect(runs.map((run) => [run.entity, run.status, run.error])).toEqual(
      runs.map((run) => [run.entity, 'succeeded', null]),
    );
    await expectCatalogueMirrored(system.db, simulator);
    await expectSalesMirrored(system.db, simulator);
    expectBalanced(await system.runs());
    simulator.assertGoodManners();
  });
});
