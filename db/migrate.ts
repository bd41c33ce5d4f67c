import { runMigrations } from 'bullmq';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { type Connection, connect } from './connection.ts';
import * as foundation from './migrations/0001-foundation.ts';
import * as changeLists from './migrations/0002-change-lists.ts';
import * as operations from './migrations/0003-webhooks-compare-delete.ts';
import * as applyWithThePage from './migrations/0004-apply-with-the-page.ts';
import * as iiko from './migrations/0005-iiko.ts';
import * as hotel from './migrations/0006-hotel.ts';
import * as consoleTables from './migrations/0007-console.ts';
import * as notices from './migrations/0008-notices.ts';
import * as hotelApi from './migrations/0009-hotel-api.ts';
import * as queuedPages from './migrations/0010-queued-pages.ts';
import * as waitsForAtOnce from './migrations/0011-waits-for-at-once.ts';

/** In order; a released one is never edited. */
const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-change-lists': changeLists,
  '0003-webhooks-compare-delete': operations,
  '0004-apply-with-the-page': applyWithThePage,
  '0005-iiko': iiko,
  '0006-hotel': hotel,
  '0007-console': consoleTables,
  '0008-notices': notices,
  '0009-hotel-api': hotelApi,
  '0010-queued-pages': queuedPages,
  '0011-waits-for-at-once': waitsForAtOnce,
};

const provider: MigrationProvider = { getMigrations: async () => migrations };

export const QUEUE_SCHEMA = 'bullmq';

/** The database's schema does not fit this program. */
export class SchemaMismatch extends Error {
  readonly code = 'SCHEMA_MISMATCH';
  constructor(message: string) {
    super(message);
    this.name = 'SchemaMismatch';
  }
}

export interface MigrationReport {
  applied: string[];
}

/** Brings the schema up to date, once, under an advisory lock. Throws on the first migration that fails; that one leaves nothing behind. */
export async function migrateToLatest(databaseUrl: string): Promise<MigrationReport> {
  return withConnection(databaseUrl, async ({ db, pool }) => {
    await refuseNewerSchema(db);
    const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
    const failed = results?.find((result) => result.status === 'Error');
    if (error) {
      throw new Error(`Migration ${failed?.migrationName ?? ''} failed; the database is as it was before it.`, {
        cause: error,
      });
    }
    // The queue's own tables, for the PostgreSQL backend; a session of their own because the lock and the work share it.
    const client = await pool.connect();
    try {
      await runMigrations(client, QUEUE_SCHEMA);
    } finally {
      client.release();
    }
    return { applied: (results ?? []).map((result) => result.migrationName) };
  });
}

/** Throws `SchemaMismatch`, saying which command to run, unless the schema is exactly the one this program was made for. */
export async function assertSchema(db: Connection['db']): Promise<void> {
  await refuseNewerSchema(db);
  await assertNotOlder(db);
}

/** Throws `SchemaMismatch` when a migration of this program is missing. */
export async function assertNotOlder(db: Connection['db']): Promise<void> {
  const missing = await pendingMigrations(db);
  if (missing.length > 0) {
    throw new SchemaMismatch(
      `The database schema is older than this pmsync (missing: ${missing.join(', ')}). Run: ./pmsync migrate`,
    );
  }
}

export async function pendingMigrations(db: Connection['db']): Promise<string[]> {
  const all = await new Migrator({ db, provider }).getMigrations();
  return all.filter((migration) => !migration.executedAt).map((migration) => migration.name);
}

async function refuseNewerSchema(db: Connection['db']): Promise<void> {
  const unknown = (await executedMigrations(db)).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new SchemaMismatch(
      `The database schema is newer than this pmsync (it has ${unknown.join(', ')}). Upgrade pmsync, or restore the database of this version.`,
    );
  }
}

async function executedMigrations(db: Connection['db']): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map((row) => row.name);
}

async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  let lost: Error | undefined;
  const onError = (error: Error) => {
    lost = error;
  };
  const connection = connect({ url, max: 4, onError });
  try {
    return await work(connection);
  } catch (error) {
    throw lost ? new Error(`The database connection was lost: ${lost.message}`, { cause: error }) : error;
  } finally {
    await connection.close();
  }
}
