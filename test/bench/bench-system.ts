import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../db/connection.ts';
import { databaseNow } from '../../db/now.ts';
import { planSync } from '../../jobs/plan-sync.ts';
import { openQueues } from '../../jobs/queues.ts';
import { closeLogger, createLogger } from '../../log/create-logger.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Account, RateLimit } from '../../sources/define-source.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { createContext } from '../../workers/create-context.ts';
import { createDatabase, dropDatabase } from './bench-database.ts';
import { type Child, startChild, type Usage } from './processes/child.ts';
import type { Part } from './processes/part.ts';
import type { SimulatedVendor, VendorRequests } from './processes/simulator.ts';
import { countStatements } from './statements.ts';
import { untilClosed } from './until-closed.ts';
import { PAGE_SIZE } from './world.ts';

export interface BenchOptions {
  server: string;
  /** Not set: the PostgreSQL queue. */
  redisUrl?: string | undefined;
  vendor: SimulatedVendor;
  limits?: Partial<Record<'read' | 'search' | 'auth', RateLimit>>;
  perRecordLimit?: number;
  /** Worker processes; default one. */
  workers?: number;
  /** Where the server can. */
  countsStatements?: boolean;
  /** Set: a console runs, too, and takes webhooks with this secret. */
  webhookSecret?: string;
}

export type Bench = Awaited<ReturnType<typeof startBench>>;

/** No budget to speak of. */
const FREE: RateLimit = { max: 1_000_000, perMs: 1000 };

let begun = 0;

/** A database of its own; simulator, workers and console in processes of their own. This process only asks and watches. */
export async function startBench(options: BenchOptions) {
  const { server, redisUrl, vendor, webhookSecret } = options;
  begun += 1;
  const name = `bench_${process.pid}_${begun}`;
  const databaseUrl = await createDatabase(server, name);
  if (options.countsStatements) await countStatements(databaseUrl);
  const logDir = mkdtempSync(join(tmpdir(), 'pmsync-bench-logs-'));
  const simulator = startChild('simulator.ts');
  const { url, accounts } = await simulator.ask<{ url: string; accounts: Account[] }>('start', vendor);
  const settings = settingsOf(options, url, accounts);
  const log = createLogger({ level: 'info', consoleLevel: 'error', dir: logDir, destination: 'stderr' });
  const onError = (error: Error) => log.error({ err: error }, 'connection');
  const connection = connect({ url: databaseUrl, max: 5, applicationName: 'pmsync-bench', onError });
  const { db } = connection;
  const queues = openQueues({ redisUrl, databaseUrl, prefix: name, onError });
  const context = createContext({ db, databaseUrl, queues, settings, sources: await loadSources(), log });

  const start = async (role: Part['role']) => {
    const child = startChild('part.ts');
    const part: Part = { role, databaseUrl, redisUrl, prefix: name, settings, logDir };
    return { child, ...(await child.ask<{ url: string }>('start', part)) };
  };
  const workers: Child[] = [];
  const startWorkers = async (count: number) => {
    const started = await Promise.all(Array.from({ length: count }, () => start('worker')));
    workers.push(...started.map(({ child }) => child));
  };
  const stopWorkers = () => Promise.all(workers.splice(0).map(stopPart));
  await startWorkers(options.workers ?? 1);
  const console = webhookSecret === undefined ? undefined : await start('console');

  return {
    db,
    databaseUrl,
    context,
    accounts: settings.sources[0]!.accounts,
    consoleUrl: console?.url ?? '',
    startWorkers,
    stopWorkers,
    /** Of each worker. */
    usage: () => Promise.all(workers.map((worker) => worker.ask<Usage>('usage'))),
    vendorUsage: () => simulator.ask<Usage>('usage'),
    requests: () => simulator.ask<VendorRequests>('requests'),
    /** RentProg: has the pages of bookings made beforehand. What making them costs is the vendor's affair. */
    async makePages(bookings: number): Promise<void> {
      const { http } = context.vendor(vendor.source, accounts[0]!.name);
      for (let page = 1; page <= Math.ceil(bookings / PAGE_SIZE); page += 1)
        await http.getJson('/all_bookings', { query: { page } });
    },
    /** Gives a booking of RentProg another price, at the vendor only. */
    reprice: (id: number, total: number) => simulator.ask('reprice', { id, total }),
    /** Runs entities one after another over all accounts. Seconds from the request to the last run's close. */
    async sync(entities: readonly string[]): Promise<number> {
      let seconds = 0;
      for (const entity of entities) {
        const since = await databaseNow(db);
        const order = { source: vendor.source, entity, mode: 'incremental' as const, trigger: 'manual' as const };
        await context.enqueue(
          planSync,
          accounts.map((account) => ({ ...order, account: account.name })),
        );
        const closed = untilClosed(db, { entity, since, count: accounts.length });
        const { closedAt } = await Promise.race([closed, ...workers.map(({ died }) => died)]);
        seconds += (closedAt.getTime() - since.getTime()) / 1000;
      }
      return seconds;
    },
    async stop() {
      await stopWorkers();
      if (console) await stopPart(console.child);
      context.close();
      await queues.close();
      await connection.close();
      await simulator.end();
      closeLogger(log);
      await dropDatabase(server, name);
      rmSync(logDir, { recursive: true, force: true });
    },
  };
}

async function stopPart(child: Child): Promise<void> {
  if (child.isRunning()) await child.ask('stop');
  await child.end();
}

function settingsOf({ vendor, limits, perRecordLimit, webhookSecret }: BenchOptions, url: string, of: Account[]) {
  const accounts = of.map((account) => ({ ...account, ...(webhookSecret !== undefined && { webhookSecret }) }));
  const settings: Settings = {
    fanOut: { perRecordLimit: perRecordLimit ?? 2000 },
    deleteBrake: { percent: 5, rows: 20 },
    sources: [
      {
        name: vendor.source,
        baseUrl: url,
        limits: { read: FREE, search: FREE, auth: FREE, ...limits },
        schedule: {},
        accounts,
      },
    ],
  };
  return settings;
}
