import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { connect } from '../../db/connection.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { databaseNow } from '../../db/now.ts';
import { planSync } from '../../jobs/plan-sync.ts';
import { openQueues } from '../../jobs/queues.ts';
import { createLogger } from '../../log/create-logger.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Account, RateLimit } from '../../sources/define-source.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { createContext } from '../../workers/create-context.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import type { SimulatedVendor, VendorRequests } from './simulator-process.ts';

export interface BenchOptions {
  server: string;
  redisUrl?: string | undefined;
  vendor: SimulatedVendor;
  limits?: Partial<Record<'read' | 'search' | 'auth', RateLimit>>;
  perRecordLimit?: number;
}

/** No budget to speak of. */
const FREE: RateLimit = { max: 1_000_000, perMs: 1000 };

/** A database of its own, a simulator in its own process, and one worker: this process. */
export async function startBench(options: BenchOptions) {
  const database = `bench_${Date.now()}`;
  const databaseUrl = await createDatabase(options.server, database);
  const simulator = fork(join(import.meta.dirname, 'simulator-process.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { source } = options.vendor;
  const { url, accounts } = await ask<{ url: string; accounts: Account[] }>(simulator, { start: options.vendor });
  const settings: Settings = {
    fanOut: { perRecordLimit: options.perRecordLimit ?? 2000 },
    deleteBrake: { percent: 5, rows: 20 },
    sources: [
      {
        name: source,
        baseUrl: url,
        limits: { read: FREE, search: FREE, auth: FREE, ...options.limits },
        schedule: {},
        accounts,
      },
    ],
  };
  const log = createLogger({
    level: 'info',
    consoleLevel: 'error',
    dir: join(tmpdir(), 'pmsync-bench-logs'),
    destination: 'stderr',
  });
  const onError = (error: Error) => log.error({ err: error }, 'connection');
  const connection = connect({ url: databaseUrl, max: 20, onError });
  const queues = openQueues({ redisUrl: options.redisUrl, databaseUrl, prefix: database, onError });
  const context = createContext({
    db: connection.db,
    databaseUrl,
    queues,
    settings,
    sources: await loadSources(),
    log,
  });
  const workers = await startWorkers(context);

  return {
    context,
    db: connection.db,
    vendor: () =>
      ask<VendorRequests>(simulator, {
        requests: true,
      }),
    /** Gives a booking of RentProg another price, at the vendor only. */
    reprice: (id: number, total: number) => ask<object>(simulator, { reprice: { id, total } }),
    /** Runs entities one after another over all accounts. Seconds from the request to the last run's close. */
    async sync(entities: readonly string[]): Promise<number> {
      const began = performance.now();
      for (const entity of entities) {
        const since = await databaseNow(connection.db);
        await context.enqueue(
          planSync,
          accounts.map((account) => ({
            source,
            account: account.name,
            entity,
            mode: 'incremental' as const,
            trigger: 'manual' as const,
          })),
        );
        await untilClosed(connection.db, entity, since, accounts.length);
      }
      return (performance.now() - began) / 1000;
    },
    async stop() {
      await workers.stop(10_000);
      context.close();
      await queues.close();
      await connection.close();
      simulator.kill();
      await once(simulator, 'exit');
      await dropDatabase(options.server, database);
    },
  };
}

async function untilClosed(
  db: ReturnType<typeof connect>['db'],
  entity: string,
  since: Date,
  count: number,
): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ closed: number; bad: number }>`
      select count(*) filter (where status <> 'running')::int as closed,
        count(*) filter (where status in ('failed', 'partial'))::int as bad
      from sync_log where entity = ${entity} and started_at >= ${since}`.execute(db);
    if (rows[0]!.bad > 0) throw new Error(`a ${entity} run did not succeed`);
    if (rows[0]!.closed === count) return;
    await wait(20);
  }
}

async function ask<T>(child: ChildProcess, message: object): Promise<T> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0] as T;
}

export async function createDatabase(server: string, name: string): Promise<string> {
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrateToLatest(url.href);
  return url.href;
}

export function dropDatabase(server: string, name: string): Promise<void> {
  return onServer(server, `drop database if exists ${name} with (force)`);
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
