import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { RecordKey } from '../record-key.ts';
import { transaction } from '../transaction.ts';
import { endWithRuns, type RunState } from './ledger.ts';
import { finishPage, insertPages } from './pages.ts';
import { addRecordPages } from './record-pages.ts';

export interface ListedPage {
  token: string;
  /** Of the job that fetched it. */
  attempt: number;
  next: readonly string[];
  ids: readonly string[];
  /** What the page cost. */
  requests: number;
}

/**
 * A page of bare ids, in one transaction: the page is done, ids nobody knew are `listed`, and every id is a record page of
 * the run. Answers with the pages and records to ask for next; undefined when somebody else has answered the page already.
 */
export async function landIds(
  db: Db,
  { runId, account, ...key }: Omit<RecordKey, 'externalId'> & { runId: string; account: string },
  { token, attempt, next, ids, requests }: ListedPage,
): Promise<{ next: string[]; records: string[]; runs: RunState[] } | undefined> {
  const { source, scope, entity } = key;
  const distinct = [...new Set(ids)].sort();
  return transaction(db, async (trx) => {
    // Windows are no offsets: two with the same ids in them are no sign of the list's end.
    const done = await finishPage(trx, runId, { token, attempt, rows: ids.length, ids: distinct, idsHash: null, next });
    if (!done) return undefined;
    const { hot } = done;
    const following = await insertPages(trx, runId, next, { hot });
    // What an operator keeps out is neither known nor read.
    const wanted = sql`select id from unnest(${distinct}::text[]) as id where not exists (select from kept_out k
      where k.source = ${source} and k.scope = ${scope} and k.entity = ${entity} and k.external_id = id)`;
    await sql`
      insert into source_records (source, scope, entity, external_id, account, state)
      select ${source}, ${scope}, ${entity}, id, ${account}, 'listed' from (${wanted}) as w order by id
      on conflict (source, scope, entity, external_id) do nothing`.execute(trx);
    const records = await addRecordPages(trx, runId, wanted, { hot });
    const deltas = { requests, pages_done: 1, pages_open: following.length + records.length - 1 };
    const runs = await endWithRuns(trx, new Map([[runId, deltas]]));
    return { next: following, records, runs };
  });
}
