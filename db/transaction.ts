import { setTimeout as wait } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { Db } from './connection.ts';
import { isLostStatement } from './prepared.ts';
import { sqlState } from './sql-state.ts';
import type { DB } from './types.ts';
import { notForTheDisk } from './wait-less.ts';

export type Trx = Transaction<DB>;

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const ATTEMPTS = 5;

/** Runs `work` in a transaction, again when it is PostgreSQL itself that could not go on (deadlock, serialization failure, a prepared statement that a pooler has lost). */
export async function transaction<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const state = sqlState(error);
      const again = state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED || isLostStatement(state);
      if (!again || attempt === ATTEMPTS) throw error;
      await wait(Math.random() * 20 * 2 ** attempt);
    }
  }
}

/**
 * Like `transaction`, but nobody waits for the disk: a PostgreSQL that crashes may have forgotten the last of these, whole
 * and in order. For work that is then found unfinished and done again; what somebody was told is done takes `transaction`.
 */
export function repeatable<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  return transaction(db, async (trx) => {
    await notForTheDisk.execute(trx);
    return work(trx);
  });
}
