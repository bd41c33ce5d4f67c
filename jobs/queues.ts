import {
  createPostgresBackend,
  createRedisBackend,
  type Job,
  Queue,
  type Telemetry,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { openPool } from '../db/connection.ts';
import { QUEUE_SCHEMA } from '../db/migrate.ts';
import { backoffMs } from './backoff.ts';
import { openRedis } from './open-redis.ts';

/** BullMQ's classes are typed by backend; here either one may be behind them. */
// biome-ignore lint/suspicious/noExplicitAny: the connection type differs per backend and is fixed in this module
type AnyQueue = Queue<any>;
type AnyWorker = Worker;

export interface Queues {
  backend: 'redis' | 'postgres';
  queue(name: string): AnyQueue;
  worker(
    name: string,
    handle: (job: Job, token: string | undefined, worker: AnyWorker) => Promise<unknown>,
    options: WorkerTuning,
  ): AnyWorker;
  /** Throws when the backend does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerTuning {
  concurrency: number;
  /** At most one job per this many milliseconds, over all processes. */
  paceMs?: number;
}

export interface QueueConnection {
  /** Set: Redis, a cluster of it, or sentinels. Not set: the PostgreSQL backend on `databaseUrl`. */
  redisUrl?: string | undefined;
  databaseUrl: string;
  /** Key prefix on Redis; one per system that shares the server. */
  prefix?: string | undefined;
  /** Workers of this process at most: each holds one connection of the PostgreSQL backend to listen on. */
  listeners?: number;
  /** Set where jobs are traced. */
  telemetry?: Telemetry | undefined;
  onError(error: Error): void;
}

const SECOND = 1000;
/** A process that dies holds its jobs this long; with the check below they are taken over within half a minute. */
const LOCK_MS = 20 * SECOND;
const STALLED_CHECK_MS = 8 * SECOND;
/** Kills are the machine's fault, not the job's. */
const MOST_STALLS = 50;
/** Connections of the PostgreSQL backend for its statements. */
const STATEMENT_CONNECTIONS = 12;
const USUAL_LISTENERS = 20;
/** Finished jobs are counted by the minute, for so long. */
const KEPT_MINUTES = 60;

/** The one module that knows which queue backend is in use. */
export function openQueues(connection: QueueConnection): Queues {
  const { redisUrl, databaseUrl, listeners = USUAL_LISTENERS, telemetry, onError } = connection;
  const backend = redisUrl
    ? redisBackend(redisUrl, onError)
    : postgresBackend(databaseUrl, listeners + STATEMENT_CONNECTIONS, onError);
  const prefix = connection.prefix ?? 'pmsync';
  const common = (queue: string) => ({
    connection: backend.connection as never,
    // All keys of a queue lie on one node of a cluster, because its scripts touch several; each queue may lie on another.
    prefix: backend.isCluster ? `{${prefix}.${queue}}` : prefix,
    ...(telemetry && { telemetry }),
  });
  const queues = new Map<string, AnyQueue>();

  return {
    backend: redisUrl ? 'redis' : 'postgres',
    queue(name) {
      const known = queues.get(name);
      if (known) return known;
      const queue: AnyQueue = new Queue(name, common(name), backend.factory as never);
      queue.on('error', onError);
      queues.set(name, queue);
      // A queue whose connection breaks while it is being opened stays broken: the next caller gets another one.
      queue.waitUntilReady().catch((error: Error) => {
        onError(error);
        queues.delete(name);
        return queue.close().catch(onError);
      });
      return queue;
    },
    worker(name, handle, { concurrency, paceMs }) {
      const options: WorkerOptions = {
        ...common(name),
        autorun: false,
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: MOST_STALLS,
        runRetryDelay: 1 * SECOND,
        settings: { backoffStrategy: (attempts) => backoffMs(attempts) },
        // On PostgreSQL each finished job would be a statement more.
        ...(redisUrl ? { metrics: { maxDataPoints: KEPT_MINUTES } } : {}),
        // The limiter's window is fixed, so a burst at its seam could double the rate; one at a time cannot.
        // Without a pace there is a limiter all the same: a 429 pauses the queue through it.
        ...(paceMs === undefined
          ? {}
          : { limiter: paceMs > 0 ? { max: 1, duration: paceMs } : { max: 1000, duration: 1 } }),
      };
      const worker: AnyWorker = new Worker(
        name,
        (job, token) => handle(job, token, worker),
        options,
        backend.factory as never,
      );
      worker.on('error', onError);
      return worker;
    },
    ping: backend.ping,
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
}

interface Backend {
  factory: unknown;
  connection: unknown;
  isCluster: boolean;
  ping(): Promise<void>;
  close(): Promise<void>;
}

function redisBackend(url: string, onError: (error: Error) => void): Backend {
  const { connection: redis, isCluster } = openRedis(url, onError);
  return {
    factory: createRedisBackend,
    connection: redis,
    isCluster,
    async ping() {
      await redis.ping();
    },
    async close() {
      // A server that is away would keep QUIT, and us, waiting for its return.
      if (redis.status === 'ready') await redis.quit().catch(() => redis.disconnect());
      else redis.disconnect();
    },
  };
}

function postgresBackend(url: string, max: number, onError: (error: Error) => void): Backend {
  const pool = openPool(
    {
      connectionString: url,
      max,
      keepAlive: true,
      application_name: 'pmsync-queue',
      options: `-c search_path=${QUEUE_SCHEMA}`,
    },
    onError,
  );
  // Each queue and worker adds listeners of its own to the shared pool.
  pool.setMaxListeners(0);
  return {
    factory: createPostgresBackend,
    connection: pool,
    isCluster: false,
    async ping() {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}
