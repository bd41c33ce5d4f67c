import { accessSync, constants } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, explainFailure } from './embedded-postgres-error.ts';
import type { Layout } from './layout.ts';

const SQLITE_BUSY = 5;
const RETRY_MS = 25;
/** Longer than the slowest thing done under the lock: a start that replays much WAL. */
const TIMEOUT_MS = 180_000;

/**
 * Runs `work` while no other process does. The lock is an open SQLite transaction on an empty file: the kernel frees it
 * when the holder dies, so it cannot be left behind, and there is nothing to guess about a stale one.
 */
export async function underLock<T>(layout: Layout, work: () => Promise<T>): Promise<T> {
  const release = await acquire(layout);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire({ lock }: Layout): Promise<() => void> {
  const deadline = Date.now() + TIMEOUT_MS;
  let database: DatabaseSync | undefined;
  try {
    assertWritable(lock);
    database = new DatabaseSync(lock, { timeout: 0 });
    const held = database;
    while (!tryBegin(held)) {
      if (Date.now() > deadline) {
        throw new EmbeddedPostgresError(
          'LOCK_TIMEOUT',
          `Another pmsync process has been starting or stopping the embedded PostgreSQL for ${TIMEOUT_MS / 1000} s (lock ${lock}). See postgres.log beside it; "fuser ${lock}" names the process.`,
        );
      }
      await sleep(RETRY_MS);
    }
    return () => held.close();
  } catch (error) {
    database?.close();
    if (error instanceof EmbeddedPostgresError) throw error;
    throw explainFailure('START_FAILED', 'Cannot lock the embedded PostgreSQL', lock, String(error), error);
  }
}

/** SQLite would open an unwritable file read-only and then lock nothing. Opening it here would break our own lock. */
function assertWritable(lock: string): void {
  try {
    accessSync(lock, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
