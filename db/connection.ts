import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { prepareMarked } from './prepared.ts';
import type { DB } from './types.ts';
import { waitLess } from './wait-less.ts';

export type Db = Kysely<DB>;

export interface Connection {
  db: Db;
  pool: pg.Pool;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  url: string;
  /** Connections at most. */
  max?: number;
  applicationName?: string;
  /** A lost connection is reported here; the pool replaces it by itself. */
  onError(error: Error): void;
}

/** Opens a pool. `timestamptz` arrives as Date, `numeric` and `bigint` as text, `date` as text (a day has no zone). */
export function connect({ url, max = 10, applicationName = 'pmsync', onError }: ConnectionOptions): Connection {
  const pool = openPool(
    {
      connectionString: url,
      max,
      application_name: applicationName,
      keepAlive: true,
      pipeline: true,
      connectionTimeoutMillis: 15_000,
      types: { getTypeParser: (oid, format) => (oid === DATE_OID ? asText : pg.types.getTypeParser(oid, format)) },
    },
    onError,
  );
  prepareMarked(pool);
  waitLess(pool);
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}

/**
 * A pool whose lost connections never end the process. node-postgres listens for the errors of idle connections only: one
 * that is lost between two statements of a transaction would be an unhandled `error` event.
 */
export function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('connect', (client) => client.on('error', onError));
  // Tells of the idle ones a second time.
  pool.on('error', () => {});
  return pool;
}

const DATE_OID = 1082;
const asText = (value: string) => value;
