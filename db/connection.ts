import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { DB } from './types.ts';

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
  /** A lost idle connection is reported here; the pool replaces it by itself. */
  onError(error: Error): void;
}

/** Opens a pool. `timestamptz` arrives as Date, `numeric` and `bigint` as text, `date` as text (a day has no zone). */
export function connect({ url, max = 10, applicationName = 'pmsync', onError }: ConnectionOptions): Connection {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
    types: { getTypeParser: (oid, format) => (oid === DATE_OID ? asText : pg.types.getTypeParser(oid, format)) },
  });
  pool.on('error', onError);
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}

const DATE_OID = 1082;
const asText = (value: string) => value;
