import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Traces } from '../../cli/traces/start-traces.ts';
import { connect, type Db } from '../../db/connection.ts';
import { databaseNow } from '../../db/now.ts';
import type { JobContext } from '../../jobs/define-job.ts';
import { type PlanSync, planSync } from '../../jobs/plan-sync.ts';
import { queueNames } from '../../jobs/queue-depths.ts';
import { openQueues, type Queues } from '../../jobs/queues.ts';
import { closeLogger, createLogger, flushLogger, logFileOf } from '../../log/create-logger.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Account, RateLimit } from '../../sources/define-source.ts';
import { loadSources } from '../../sources/load-sources.ts';
import type { RentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { createContext } from '../../workers/create-context.ts';
import { startWorkers, type Workers } from '../../workers/start-workers.ts';
import type { QueueBackend } from './backends.ts';
import { createTestDatabase } from './database.ts';
import { forgetKeys } from './redis-nodes.ts';
import { waitFor } from './wait-for.ts';

/** A row of `sync_log`. */
export interface Run {
  id: string;
  source: string;
  account: string;
  entity: string;
  mode: string;
  status: 'running' | 'succeeded' | 'partial' | 'failed';
  started_at: Date;
  finished_at: Date | null;
  fetched: number;
  inserted: number;
  updated: number;
  unchanged: number;
  stale: number;
  parked: number;
  quarantined: number;
  pending: number;
  requests: number;
  pages_done: number;
  pages_failed: number;
  deleted: number;
  missed: number;
  period: string | null;
  error: string | null;
}

type MoreOfRun = Pick<PlanSync, 'hotSet' | 'period' | 'confirmDeletes'>;

// biome-ignore lint/suspicious/noExplicitAny: a row of whatever table was asked for
type AnyRow = any;

export interface System {
  db: Db;
  databaseUrl: string;
  /** Of its keys on Redis. */
  prefix: string;
  queues: Queues;
  context: JobContext;
  accounts: Account[];
  /** Asks for a run of every account and entity, and returns them once they are closed and nothing is left to apply. */
  sync(entities?: readonly string[], mode?: 'incremental' | 'full', more?: MoreOfRun): Promise<Run[]>;
  /** Asks for the runs without waiting for them. */
  request(entities?: readonly string[], mode?: 'incremental' | 'full', more?: MoreOfRun): Promise<void>;
  /** Waits for every run that is going on, and for what is left to apply. */
  settled(timeoutMs?: number): Promise<void>;
  /** Every run, oldest first. */
  runs(): Promise<Run[]>;
  table(name: string, where?: string): Promise<AnyRow[]>;
  /** How often each job has run so far, by name. */
  jobsRun(): Record<string, number>;
  logLines(): string[];
  /** What went wrong on the connections of queue and database; a test that breaks them looks here. */
  faults: Error[];
  workers: Workers;
  /** Ends the workers in good order; `stop` still has to be called. True when all jobs were done in time. */
  stopWorkers(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface SystemOptions {
  backend: QueueBackend;
  /** RentProg's: one account for every branch. Other sources give their accounts. */
  simulator?: Pick<RentprogSimulator, 'url' | 'branches'>;
  accounts?: Account[];
  /** Requests per minute by rate class; by default so many that nothing waits. */
  limits?: Record<string, RateLimit>;
  fanOut?: Settings['fanOut'];
  deleteBrake?: Settings['deleteBrake'];
  notify?: Settings['notify'];
  traces?: Traces;
  /** By default nothing is scheduled, and nothing expected. */
  schedule?: Settings['sources'][number]['schedule'];
  logLevel?: 'info' | 'trace';
  /** Works on the database and the queue of another system. */
  beside?: System;
  /** Works on a database that is there already, and with the keys of `prefix`; the database is not removed. */
  on?: { databaseUrl: string; prefix: string };
}

const SECOND = 1000;
export const perMinute = (max: number): RateLimit => ({ max, perMs: 60 * SECOND });
const UNLIMITED = { read: perMinute(12_000), search: perMinute(12_000), auth: perMinute(12_000) };

export function accountsOf(simulator: NonNullable<SystemOptions['simulator']>): Account[] {
  return simulator.branches.map(({ name, timezone, currency, companyToken }) => {
    return {
      source: 'rentprog',
      name,
      baseUrl: simulator.url,
      timezone,
      currency,
      credentials: { companyToken },
      options: {},
    };
  });
}

/** The whole pipeline in this process: database, queues and workers of its own, against a simulated vendor. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { backend, simulator } = options;
  const beside = options.beside ?? options.on;
  const accounts = options.accounts ?? (simulator ? accountsOf(simulator) : []);
  const { source, baseUrl } = accounts[0]!;
  const sources = await loadSources();
  const allEntities = sources
    .get(source)!
    .entities.filter(({ partOf }) => !partOf)
    .map((entity) => entity.name);
  const database = beside ? undefined : await createTestDatabase();
  const databaseUrl = beside?.databaseUrl ?? database?.url ?? '';
  const prefix = beside?.prefix ?? `${backend.prefix ?? 'test'}-${randomBytes(3).toString('hex')}`;
  const faults: Error[] = [];
  const onError = (error: Error) => void faults.push(error);
  const logFolder = mkdtempSync(join(tmpdir(), 'pmsync-test-log-'));
  const log = createLogger({ level: options.logLevel ?? 'info', consoleLevel: 'silent', dir: logFolder });
  const connection = connect({ url: databaseUrl, onError });
  const { db } = connection;
  const settings: Settings = {
    fanOut: options.fanOut ?? { perRecordLimit: 2000 },
    deleteBrake: options.deleteBrake ?? { percent: 5, rows: 20 },
    sources: [
      { name: source, baseUrl, limits: options.limits ?? UNLIMITED, schedule: options.schedule ?? {}, accounts },
    ],
    ...(options.notify && { notify: options.notify }),
  };
  const queues = openQueues({
    redisUrl: backend.redisUrl,
    databaseUrl,
    prefix,
    listeners: queueNames({ settings, sources }).length,
    telemetry: options.traces?.telemetry,
    onError,
  });
  const context = createContext({ db, databaseUrl, queues, settings, sources, log, trace: options.traces?.request });
  const workers = await startWorkers(context);
  let workersStopped: Promise<boolean> | undefined;

  const rowsOf = async <T>(text: string) => (await sql.raw<T>(text).execute(db)).rows;
  const runs = () => rowsOf<Run>('select * from sync_log order by started_at, entity, account');

  async function unfinished(): Promise<string> {
    const rows = await rowsOf<{ what: string }>(`
      select concat_ws(' ', 'run', entity, account, 'pages', pages_open, 'pending', pending, 'parked', parked) as what
      from sync_log where status = 'running' union all
      select concat_ws(' ', entity, external_id, state, waits_for, last_error) from source_records
      where state = 'pending' or (state in ('parked', 'listed') and exists (select 1 from sync_log where status = 'running'))`);
    return rows
      .slice(0, 20)
      .map((row) => row.what)
      .join('; ');
  }

  const system: System = {
    db,
    databaseUrl,
    prefix,
    queues,
    context,
    accounts,
    workers,
    faults,
    runs,
    table: (name, where = 'true') => rowsOf(`select * from ${name} where ${where} order by 1, 2, 3, 4`),
    async request(entities = allEntities, mode = 'incremental', more = {}) {
      for (const entity of entities) {
        const payloads = accounts.map((account) => ({ source: account.source, account: account.name, entity, mode }));
        await context.enqueue(
          planSync,
          payloads.map((payload) => ({ ...payload, ...more, trigger: 'manual' as const })),
        );
      }
    },
    async sync(entities = allEntities, mode = 'incremental', more = {}) {
      const since = await databaseNow(db);
      await system.request(entities, mode, more);
      const closed = () =>
        sql<Run>`
        select * from sync_log where finished_at >= ${since} and entity = any(${[...entities]}::text[])
        order by started_at, entity, account`.execute(db);
      await waitFor(async () => (await closed()).rows.length >= entities.length * accounts.length, {
        describe: `every run of ${entities.join(', ')} is closed`,
        timeoutMs: 50 * SECOND,
        intervalMs: 50,
      }).catch(async (cause: unknown) => {
        throw new Error(`${(cause as Error).message}; still unfinished: ${await unfinished()}`, { cause });
      });
      await system.settled();
      return (await closed()).rows;
    },
    async settled(timeoutMs = 50 * SECOND) {
      await waitFor(async () => (await unfinished()) === '', {
        describe: 'no run is going and no record is to be applied',
        timeoutMs,
        intervalMs: 50,
      }).catch(async (cause: unknown) => {
        throw new Error(`${(cause as Error).message}; still unfinished: ${await unfinished()}`, { cause });
      });
    },
    jobsRun() {
      const jobs = system.logLines().map((line) => (JSON.parse(line) as { job?: string }).job ?? 'none');
      return Object.fromEntries([...Map.groupBy(jobs, (job) => job)].map(([job, lines]) => [job, lines.length]));
    },
    logLines() {
      flushLogger(log);
      return readFileSync(logFileOf(log) ?? '', 'utf8')
        .split('\n')
        .filter(Boolean);
    },
    stopWorkers() {
      workersStopped ??= workers.stop(10 * SECOND).finally(() => context.endSessions());
      return workersStopped;
    },
    async stop() {
      await system.stopWorkers();
      context.close();
      await queues.close();
      if (!beside && backend.redisUrl) await forgetKeys(backend.redisUrl, prefix);
      await connection.close();
      await database?.drop();
      closeLogger(log);
      rmSync(logFolder, { recursive: true, force: true });
    },
  };
  return system;
}
