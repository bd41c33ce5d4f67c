import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { createServer } from '../../../console/create-server.ts';
import { connect, type Db } from '../../../db/connection.ts';
import { openQueues } from '../../../jobs/queues.ts';
import { closeLogger, createLogger } from '../../../log/create-logger.ts';
import { readCharts } from '../../../operations/charts.ts';
import type { OperationsContext } from '../../../operations/context.ts';
import { readIssueGroups } from '../../../operations/issues.ts';
import { readOverview } from '../../../operations/overview.ts';
import { requeueIds } from '../../../operations/requeue.ts';
import { readRuns } from '../../../operations/runs.ts';
import type { Settings } from '../../../settings/settings.ts';
import { loadSources } from '../../../sources/load-sources.ts';
import { createContext } from '../../../workers/create-context.ts';
import { createDatabase, dropDatabase } from '../bench-database.ts';
import { type Figure, type Machine, percentile } from '../figure.ts';

const ACCOUNTS = 100;
const RECORDS = 1_000_000;
const DAYS = 7;
const TIMES = 7;
/** What is known of the queues is old then. */
const BETWEEN_MS = 2100;

/** What the console reads, over 100 accounts, a million records, a week of runs every 5 minutes and 20,000 open issues. */
export async function overview({ server, redisUrl }: Machine): Promise<Figure[]> {
  const name = `bench_${process.pid}_overview`;
  const databaseUrl = await createDatabase(server, name);
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-bench-'));
  const log = createLogger({ level: 'warn', dir: folder, destination: 'stderr' });
  const onError = (error: Error) => log.warn({ err: error }, 'connection');
  const { db, close } = connect({ url: databaseUrl, max: 10, onError });
  try {
    await fill(db);
    const figures: Figure[] = [];
    for (const backend of ['redis', 'postgres'] as const) {
      const queues = openQueues({
        databaseUrl,
        onError,
        prefix: name,
        redisUrl: backend === 'redis' ? redisUrl : undefined,
      });
      const context = createContext({ db, databaseUrl, queues, settings, sources: await loadSources(), log });
      figures.push(
        await measure(`overview, ${backend} queue`, 300, () => readOverview(context), { betweenMs: BETWEEN_MS }),
      );
      const app = await createServer(context, { host: '127.0.0.1' });
      const open = async () => {
        const { statusCode } = await app.inject({ url: '/', headers: { host: '127.0.0.1', accept: 'text/html' } });
        if (statusCode !== 200) throw new Error(`the overview was answered ${statusCode}`);
      };
      figures.push(await measure(`overview as a page, ${backend} queue`, 300, open, { betweenMs: BETWEEN_MS }));
      await app.close();
      if (backend === 'postgres') figures.push(...(await measureLists(context)));
      figures.push(...(await measureRequeue(context, backend)));
      context.close();
      await queues.close();
    }
    return figures;
  } finally {
    await close();
    closeLogger(log);
    await dropDatabase(server, name);
    rmSync(folder, { recursive: true, force: true });
  }
}

const accounts = Array.from({ length: ACCOUNTS }, (_, i) => ({
  source: 'rentprog',
  name: `a${i + 1}`,
  baseUrl: 'http://127.0.0.1:1',
  timezone: 'Asia/Tbilisi',
  currency: 'GEL',
  credentials: {},
  options: {},
}));
const limits = {
  read: { max: 120, perMs: 60_000 },
  search: { max: 30, perMs: 60_000 },
  auth: { max: 60, perMs: 60_000 },
};
const everyFive = { everyMs: 300_000 };
const settings: Settings = {
  fanOut: { perRecordLimit: 2000 },
  deleteBrake: { percent: 5, rows: 20 },
  sources: [
    {
      name: 'rentprog',
      baseUrl: '',
      limits,
      schedule: { clients: everyFive, cars: everyFive, bookings: everyFive },
      accounts,
    },
  ],
};

async function fill(db: Db): Promise<void> {
  const account = sql`'a' || 1 + n % ${sql.lit(ACCOUNTS)}`;
  const entity = sql`(array['clients', 'cars', 'bookings'])[1 + n / ${sql.lit(ACCOUNTS)} % 3]`;
  const steps = [
    sql`insert into source_records (source, scope, entity, external_id, account, payload, payload_hash, state, applied_at, waits_for)
      select 'rentprog', '*', ${entity}, n::text, ${account}, '{"id": 1}', md5(n::text), 'applied', now(),
        case when n % 100 = 7 then array['clients/' || n % 977] end
      from generate_series(1, ${sql.lit(RECORDS)}) as t (n)`,
    sql`insert into external_refs (source, scope, entity, external_id, account, entity_id)
      select source, scope, entity, external_id, account, gen_random_uuid() from source_records`,
    sql`insert into row_counts select source, account, entity, count(*) from external_refs group by 1, 2, 3`,
    sql`insert into sync_log (source, account, entity, mode, trigger, status, started_at, finished_at, fetched, unchanged)
      select 'rentprog', 'a' || a, e, 'incremental', 'schedule', case when a = 3 then 'failed' else 'succeeded' end, at,
        at + interval '20 s', 50, 50
      from generate_series(1, ${sql.lit(ACCOUNTS)}) as a, unnest(array['clients', 'cars', 'bookings']) as e,
        generate_series(now() - make_interval(days => ${sql.lit(DAYS)}), now(), interval '5 min') as at`,
    sql`insert into sync_issues (opened_at, source, account, entity, external_id, kind, message, details, resolved_at)
      select now() - n * interval '6 s', 'rentprog', ${account}, 'bookings', n::text, 'missing_parent', 'stored without it',
        jsonb_build_object('parents', jsonb_build_array(jsonb_build_object('entity', 'clients', 'scope', '*', 'external_id', n % 977))),
        case when n > 20000 then now() - n * interval '5 s' end
      from generate_series(1, 100000) as t (n)`,
    sql`analyze`,
  ];
  for (const step of steps) await step.execute(db);
}

async function measureLists(context: OperationsContext): Promise<Figure[]> {
  return [
    await measure('issues by cause, first part', null, () => readIssueGroups(context)),
    await measure('runs that are unwell, first part', null, () => readRuns(context, { status: 'unwell' })),
    // The first of each range: afterwards it is known for some time.
    await measure('charts of a week', null, () => readCharts(context, 'week', {}), { times: 1 }),
    await measure('charts of a week, one account', null, () => readCharts(context, 'week', { account: 'a7' }), {
      times: 1,
    }),
  ];
}

const REQUEUED = 10_000;

/** Until it is written down. The jobs that follow have gone out before the next figure; nobody works on them here. */
async function measureRequeue(context: OperationsContext, backend: string): Promise<Figure[]> {
  const accept = async (name: string, first: number, refetch: boolean) => {
    const order = { source: 'rentprog', entity: 'bookings', ids: bookingIds(first), refetch };
    let sent: Promise<unknown> | undefined;
    const read = async () => {
      ({ sent } = await requeueIds(context, order, { actor: 'bench' }));
    };
    const figure = await measure(`${name}, ${backend} queue`, 2000, read, { times: 1 });
    await sent;
    return figure;
  };
  const start = backend === 'redis' ? 1 : 500_000;
  return [
    await accept(`re-queue of ${REQUEUED} ids accepted`, start, false),
    await accept('with --refetch', start + 100_000, true),
  ];
}

/** From a number on; every third hundred of the numbers are bookings. */
function bookingIds(first: number): string[] {
  const numbers = Array.from({ length: 4 * REQUEUED }, (_, i) => first + i);
  return numbers
    .filter((n) => Math.floor(n / ACCOUNTS) % 3 === 2)
    .slice(0, REQUEUED)
    .map(String);
}

async function measure(
  name: string,
  most: number | null,
  read: () => Promise<unknown>,
  { times = TIMES, betweenMs = 0 } = {},
): Promise<Figure> {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    await read();
    took.push(performance.now() - began);
    if (betweenMs > 0) await wait(betweenMs);
  }
  process.stderr.write(`${name}: ${took.map((ms) => Math.round(ms)).join(' ')} ms\n`);
  const note = `${ACCOUNTS} accounts, ${RECORDS} records`;
  return { name, value: percentile(took, 0.5), unit: 'ms', target: most === null ? null : { most }, note };
}
