import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { type Trx, transaction } from '../transaction.ts';
import { type AskedPage, askAgain } from './ask-again.ts';
import { addToRuns } from './ledger.ts';
import { recordPage } from './record-pages.ts';

export interface EventTarget {
  source: string;
  account: string;
  entity: string;
}

/** What the vendor has told of one entity of an account. */
export interface Told extends EventTarget {
  externalIds: readonly string[];
}

/** Records to be read again now. Those whose reading had been asked for and has not begun are not among them. */
export interface ToldRun extends EventTarget {
  runId: string;
  asked: AskedPage[];
}

/** The run closed between the look and the write. */
class RunClosed extends Error {}

const ATTEMPTS = 5;

/**
 * Writes down that records are to be read again: each is a page of the one open run of trigger `webhook` of its account and
 * entity, opened when there is none. After this the wish survives a crash, and the vendor may be told so.
 */
export async function askForTold(db: Db, told: readonly Told[]): Promise<ToldRun[]> {
  // Everybody in one order: two events must not wait for each other's runs.
  const nameOf = ({ source, account, entity }: Told) => `${entity} ${source} ${account}`;
  const ordered = told.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction(db, async (trx) => {
        const runs: ToldRun[] = [];
        const changes = new Map<string, { pages_open: number }>();
        for (const { externalIds, ...target } of ordered) {
          const runId = await openWebhookRun(trx, target);
          const pages = externalIds.map((id) => recordPage(id));
          const { asked, opened } = await askAgain(trx, runId, pages);
          if (opened > 0) changes.set(runId, { pages_open: opened });
          runs.push({ ...target, runId, asked });
        }
        const states = await addToRuns(trx, changes);
        if (states.some(({ status }) => status !== 'running')) throw new RunClosed();
        return runs;
      });
    } catch (error) {
      if (!(error instanceof RunClosed) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Its row is not locked: pages come before `sync_log` in the order of locks, and `addToRuns` says whether it is still open. */
async function openWebhookRun(trx: Trx, { source, account, entity }: EventTarget): Promise<string> {
  const isOpen = sql`source = ${source} and account = ${account} and entity = ${entity} and status = 'running'
    and trigger = 'webhook'`;
  const open = await sql<{ id: string }>`select id from sync_log where ${isOpen}`.execute(trx);
  if (open.rows[0]) return open.rows[0].id;
  const opened = await sql<{ id: string }>`
    insert into sync_log (source, account, entity, mode, trigger)
    values (${source}, ${account}, ${entity}, 'incremental', 'webhook')
    on conflict (source, account, entity) where status = 'running' and trigger = 'webhook' do nothing returning id`.execute(
    trx,
  );
  if (opened.rows[0]) return opened.rows[0].id;
  const others = await sql<{ id: string }>`select id from sync_log where ${isOpen}`.execute(trx);
  if (!others.rows[0]) throw new RunClosed();
  return others.rows[0].id;
}
