import { writeAudit } from '../db/audit.ts';
import type { Comparison, Counts } from '../db/compare/read-findings.ts';
import { countUnlanded, openReadAgain, readLanded, readPagesToFetch, unlanded } from '../db/compare/repair.ts';
import { findRecords } from '../db/requeueable.ts';
import { parseRecordPage } from '../db/runs/record-pages.ts';
import type { JobContext } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchRecord } from './fetch-record.ts';
import { refreshJob } from './refresh-record.ts';
import { requeue } from './requeue.ts';
import { type GoneVerdict, verifyGone } from './verify-gone.ts';

export interface FixedAccount {
  account: string;
  /** Applied again from the landing, without a request. */
  applied: number;
  /** Read again at the source. */
  read_again: number;
  /** Cannot be repaired one by one: the source has no way to read one record. */
  left: number;
  gone: GoneVerdict;
  run_ids: string[];
}

export interface FixOrder {
  actor: string;
  confirmDeletes: boolean;
  /** By account. An account without counts has not been read to its end: nothing follows from what is not on its pages. */
  counts: ReadonlyMap<string, Counts>;
}

const MOST_AT_ONCE = 1000;

/** Sends out the repair of what a comparison has found. Whether somebody works on it, and waits for it, is the caller's business. */
export async function fixComparison(
  context: JobContext,
  comparison: Comparison,
  { actor, confirmDeletes, counts }: FixOrder,
): Promise<FixedAccount[]> {
  const { db } = context;
  const { source, entity: name } = comparison;
  const entity = entityOf(context.sources, source, name);
  const fixed: FixedAccount[] = [];
  for (const run of comparison.runs) {
    const { account, runId } = run;
    const target = { source, account, entity: name };
    const landed = await applyLanded(context, target, runId, actor);
    const toRead = await countUnlanded(db, runId);
    const again = entity.one && toRead > 0 ? await openReadAgain(db, target, unlanded(runId)) : undefined;
    const complete = counts.get(account);
    const gone: GoneVerdict = complete
      ? await verifyGone(context, comparison, entity, run, complete, { confirmDeletes })
      : { step: 'none' };
    const reading = [again?.runId, gone.step === 'verified' ? gone.runId : undefined].filter((id) => id !== undefined);
    for (const id of reading) await sendOut(context, target, id);
    fixed.push({
      account,
      applied: landed.applied,
      read_again: again?.count ?? 0,
      left: again ? 0 : toRead,
      gone,
      run_ids: [...landed.runIds, ...reading],
    });
  }
  const details = {
    accounts: fixed,
    confirm_deletes: confirmDeletes,
    compared: comparison.runs.map(({ runId }) => runId),
  };
  await writeAudit(db, { actor, action: 'compare --fix', target: `${source}/${name}`, details });
  return fixed;
}

async function applyLanded(
  context: JobContext,
  { source, account, entity }: { source: string; account: string; entity: string },
  comparedRun: string,
  actor: string,
): Promise<{ applied: number; runIds: string[] }> {
  const runIds: string[] = [];
  let applied = 0;
  for (let after = ''; ; ) {
    const ids = await readLanded(context.db, comparedRun, after, MOST_AT_ONCE);
    if (ids.length === 0) return { applied, runIds };
    after = ids.at(-1) ?? '';
    // Not by account: where ids are those of the whole source, another one may have landed it last.
    const { scope } = entityOf(context.sources, source, entity);
    const records = await findRecords(
      context.db,
      { source, entity, account: scope === 'account' ? account : undefined },
      ids,
    );
    const target = `${source}/${account}/${entity}`;
    const details = { asked: 'compare --fix', run: comparedRun };
    const { runs, sent } = await requeue(context, records, { source, refetch: false, actor, target, details });
    await sent;
    runIds.push(...runs.map((run) => run.id));
    applied += records.length;
  }
}

async function sendOut(
  context: JobContext,
  { source, account, entity }: { source: string; account: string; entity: string },
  runId: string,
): Promise<void> {
  for (let after = ''; ; ) {
    const pages = await readPagesToFetch(context.db, runId, after, MOST_AT_ONCE);
    if (pages.length === 0) return;
    after = pages.at(-1) ?? '';
    await context.enqueue(
      fetchRecord,
      pages.flatMap((page) => {
        const externalId = parseRecordPage(page)?.externalId;
        return externalId === undefined
          ? []
          : [refreshJob(context, { source, entity, externalId }, { account, runId })];
      }),
    );
  }
}
