/**
 * `npm run bench`: the figures of the design, as a table and, with `--json`, as JSON. Uses DATABASE_URL and REDIS_URL when
 * they are set (a database of its own is made and dropped), else an embedded PostgreSQL and a `redis-server` of its own.
 * `--records N` sets the size (default 50,000), `--only NAME` runs one scenario, `--runs N` repeats it (default 3).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tableLines } from '../../cli/output.ts';
import { openEmbeddedPostgres } from '../../db/embedded/index.ts';
import { startRedis } from '../support/redis-server.ts';
import { overview } from './overview.ts';
import { budget, type Figure, fullLoad, healing, hotelFirstLoad, type Machine, perRecord } from './scenarios.ts';
import { webhooks } from './webhooks.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    records: { type: 'string', default: '50000' },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
  },
});
const scenarios: Record<string, (machine: Machine) => Promise<Figure[]>> = {
  'full-load': (machine) => fullLoad(machine, 'redis'),
  'per-record': perRecord,
  budget,
  'hotel-first-load': hotelFirstLoad,
  healing,
  overview,
  webhooks: (machine) => webhooks(machine, 'redis'),
  'webhooks-postgres': (machine) => webhooks(machine, 'postgres'),
  'full-load-postgres': (machine) => fullLoad(machine, 'postgres'),
};
const chosen = Object.entries(scenarios).filter(([name]) => values.only === undefined || name === values.only);
if (chosen.length === 0)
  throw new Error(`There is no scenario "${values.only}"; there are ${Object.keys(scenarios).join(', ')}.`);

const folder = mkdtempSync(join(tmpdir(), 'pmsync-bench-'));
const embedded = process.env.DATABASE_URL ? undefined : await openEmbeddedPostgres({ dataDir: folder });
const redis = process.env.REDIS_URL ? undefined : await startRedis();
const machine: Machine = {
  server: process.env.DATABASE_URL ?? embedded?.url ?? '',
  redisUrl: process.env.REDIS_URL ?? redis?.url ?? '',
  records: Number(values.records),
};

const results: (Figure & { runs: number[] })[] = [];
try {
  for (const [name, scenario] of chosen) {
    const runs: Figure[][] = [];
    for (let run = 1; run <= Number(values.runs); run += 1) {
      process.stderr.write(`${name}, run ${run} of ${values.runs} …\n`);
      runs.push(await scenario(machine));
    }
    for (const [i, figure] of runs[0]!.entries()) {
      const all = runs.map((figures) => figures[i]!.value);
      results.push({ ...figure, value: median(all), runs: all });
    }
  }
} finally {
  await redis?.stop();
  await embedded?.leave();
  rmSync(folder, { recursive: true, force: true });
}

const write = (text: string) => process.stdout.write(`${text}\n`);
if (values.json)
  write(
    JSON.stringify(
      { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, records: machine.records, results },
      null,
      2,
    ),
  );
else {
  const rows = results.map(({ name, value, unit, target, runs, note }) => [
    name,
    show(value),
    unit,
    target === null ? '' : show(target),
    `${show(Math.min(...runs))} – ${show(Math.max(...runs))}`,
    note,
  ]);
  for (const line of tableLines(['figure', 'median', 'unit', 'asked', 'min – max', 'how'], rows)) write(line);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function show(value: number): string {
  return value >= 100 ? Math.round(value).toString() : String(Math.round(value * 10) / 10);
}
