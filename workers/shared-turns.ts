import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { openIssues } from '../db/issues.ts';
import {
  readSession,
  type SessionKey,
  type StoredSession,
  withAccountLock,
  writeBusy,
  writeSession,
} from '../db/source-sessions.ts';
import { transaction } from '../db/transaction.ts';
import { Interrupted, RateLimited } from '../sources/errors.ts';
import type { Turn, Turns } from '../sources/turns.ts';
import { createGate } from './gate.ts';

/** How often another process is looked after that has the turn. */
const LOOK_EVERY_MS = 50;

export interface SharedTurns {
  turns: Turns;
  /** Whoever waits for the turn from now on, or still does, ends with `Interrupted`. */
  close(): void;
}

/**
 * Turns that all processes share: PostgreSQL has the lock and the session. A process that dies gives its lock back with its
 * connection; the session it opened stays in the table, so the next one uses it or gives it back.
 */
export function createSharedTurns(db: Db, key: SessionKey, entity: string): SharedTurns {
  const gate = createGate(1);
  let closed = false;
  const leave = () => {
    if (closed) throw new Interrupted('not asked, we are leaving', key);
  };

  async function takeTurn<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    for (;;) {
      const done = await withAccountLock(db, key, async (locked) => {
        const { session, busyMs } = await readSession(locked, key);
        // Somebody gave up waiting, or died: the vendor is still at work on what he asked.
        if (busyMs > 0) await untilFree(busyMs);
        return work(turnOf(locked, session));
      });
      if (done) return done.result;
      leave();
      await wait(LOOK_EVERY_MS);
    }
  }

  async function untilFree(busyMs: number): Promise<void> {
    for (let left = busyMs; left > 0 && !closed; left -= LOOK_EVERY_MS) await wait(Math.min(left, LOOK_EVERY_MS));
  }

  function turnOf(locked: Db, opened: StoredSession | null): Turn {
    let session = opened;
    return {
      get session() {
        return session;
      },
      async keep(open) {
        session = open;
        await writeSession(locked, key, open);
        if (open) await resolveRefusal(db, key);
      },
      begin: (mostMs) => writeBusy(locked, key, mostMs),
      answered: () => writeBusy(locked, key, 0),
    };
  }

  return {
    turns: (work) =>
      gate(() =>
        takeTurn(async (turn) => {
          try {
            return await work(turn);
          } catch (error) {
            if (error instanceof RateLimited && !turn.session) await tellRefusal(db, key, entity, error);
            throw error;
          }
        }),
      ),
    close() {
      closed = true;
    },
  };
}

/** A session cannot be had: nothing comes in, and somebody should know why. */
async function tellRefusal(db: Db, { source, account }: SessionKey, entity: string, error: RateLimited): Promise<void> {
  const details = { session: true };
  const about = { source, account, entity, externalId: null, kind: 'unavailable' as const, runId: null };
  await transaction(db, (trx) => openIssues(trx, [{ ...about, message: error.message, details }]));
}

async function resolveRefusal(db: Db, { source, account }: SessionKey): Promise<void> {
  await sql`update sync_issues set resolved_at = clock_timestamp(), resolution = 'a session is open again'
    where resolved_at is null and source = ${source} and account = ${account} and external_id is null
      and kind = 'unavailable' and details ->> 'session' = 'true'`.execute(db);
}
