import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { stringify } from 'yaml';
import { askDatabase } from '../db/ask-database.ts';
import { carryAll } from '../jobs/carry-outbox.ts';
import { prepareHouses } from '../jobs/prepare-houses.ts';
import { readEnvironment } from '../settings/environment.ts';
import type { Simulation } from '../sources/define-source.ts';
import { loadSources } from '../sources/load-sources.ts';
import { demoSettingsPath } from './demo-database.ts';
import type { Runtime } from './runtime.ts';

const SEED = 1;

/** Starts the simulator of every source that has one and writes the settings that point at them, and at our own hotel. */
export async function startDemo(records: number) {
  const simulations: Simulation[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, source] of await loadSources()) {
    if (source.inHouse) settings[name] = { accounts: { [source.inHouse.account]: source.inHouse.demo.account } };
    const simulation = await source.simulate?.({ records, seed: SEED });
    if (!simulation) continue;
    simulations.push(simulation);
    const { baseUrl, limits, accounts } = simulation;
    settings[name] = { baseUrl, limits, accounts };
  }
  const dataDir = resolve(readEnvironment(process.env).dataDir);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(demoSettingsPath(dataDir), `# Written by pmsync demo.\n${stringify({ sources: settings })}`);

  return {
    /** Invented records for the sources that live in our own database, in the mirror before the first reading begins. */
    async fillHouses({ context, settings: own, sources }: Runtime): Promise<void> {
      await prepareHouses(context);
      for (const { name } of own.sources) {
        await sources.get(name)?.inHouse?.demo.fill(askDatabase(context.db));
        await carryAll(context, name);
      }
    },
    async close() {
      await Promise.all(simulations.map((simulation) => simulation.close()));
    },
    /** How many records were found by a look-up, and how many nowhere. */
    async healing({ connection }: Runtime): Promise<{ healed: number; gone: number }> {
      const { rows } = await sql<{ healed: number; gone: number }>`
        select count(*) filter (where state = 'applied')::int as healed, count(*) filter (where state = 'gone')::int as gone
        from source_records where trail is not null and trail <> '[]'`.execute(connection.db);
      return rows[0]!;
    },
  };
}
