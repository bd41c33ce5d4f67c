import { afterEach, describe, expect, test } from 'vitest';
import type { Simulation } from '../../sources/define-source.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced } from '../support/invariants.ts';
import { simulatedAccounts } from '../support/simulated-accounts.ts';
import { startSystem } from '../support/system.ts';
import { CANARY } from './support/nasty.ts';
import { startSpoilingProxy } from './support/spoiling-proxy.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 20_261_005);
const RECORDS = 120;
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** The others send records that are no single JSON objects; `answers.integration.test.ts` spoils those. */
const sources = [...(await loadSources()).values()].filter(({ name }) => ['rentprog', 'litepms'].includes(name));

describe.each(sources)('a whole sync of $name', (source) => {
  test('of records that are spoiled on their way ends, keeps all of them, and tells nothing of what is in them', async () => {
    const simulation: Simulation = await source.simulate!({ records: RECORDS, seed: 3 });
    opened.push(() => simulation.close());
    const proxy = await startSpoilingProxy(simulation.baseUrl, SEED);
    opened.push(() => proxy.close());
    const accounts = simulatedAccounts(source, { ...simulation, baseUrl: proxy.url }).slice(0, 1);
    const system = await startSystem({ backend: queueBackends()[0]!, accounts, logLevel: 'trace' });
    opened.push(() => system.stop());

    // Parents first, so that nobody has to wait for one.
    const runs = [];
    for (const { name } of source.entities) runs.push(...(await system.sync([name], 'full')));
    expectBalanced(runs);
    expect(proxy.spoiled.size).toBeGreaterThan(RECORDS / 10);
    for (const { pages_failed, parked, quarantined, status, error } of runs)
      expect({ pages_failed, status, error }).toEqual({
        pages_failed: 0,
        status: quarantined + parked > 0 ? 'partial' : 'succeeded',
        error: null,
      });
    const records = await system.table('source_records', 'payload is not null');
    expect(runs.reduce((sum, run) => sum + run.quarantined, 0)).toBeGreaterThan(2);
    const states = Object.groupBy(records, ({ state }) => state);
    for (const { waits_for: waits } of states.parked ?? [])
      expect(waits.map((name: string) => name.split('/')[1]).filter((id: string) => !proxy.spoiled.has(id))).toEqual(
        [],
      );
    for (const { external_id: id, is_partial } of states.quarantined ?? [])
      if (!is_partial) expect(proxy.spoiled, `${id} was sent as it should be`).toContain(id);
    const issues = await system.table('sync_issues', "kind = 'invalid_record'");
    expect(issues.length).toBe(states.quarantined?.length);

    const told = [...system.logLines(), ...[...issues, ...runs].map((row) => JSON.stringify(row))];
    expect(told.filter((line) => line.includes(CANARY))).toEqual([]);
    expect(records.filter(({ payload }) => JSON.stringify(payload).includes(CANARY)).length).toBeGreaterThan(2);
    expect(system.faults).toEqual([]);
  });
});
