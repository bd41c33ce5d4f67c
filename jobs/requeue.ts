import { type Requeueable, type Requeued, requeueRecords } from '../db/requeue.ts';
import type { JobContext } from './define-job.ts';
import { fetchRecord } from './fetch-record.ts';
import { followUp, lookUp } from './follow-up.ts';
import { refreshJob } from './refresh-record.ts';

export interface RequeueOrder {
  source: string;
  /** Read the records again at the source first. */
  refetch: boolean;
  /** For the audit log: who, which records were meant. */
  actor: string;
  target: string;
  details: Record<string, unknown>;
  /** Keeps a receipt: with the ids that nothing is known by. */
  receipt?: { unknown: readonly string[] } | undefined;
}

/** Puts records back into the line and sends out their jobs. Whether somebody works on them is the caller's business. */
export async function requeue(
  context: JobContext,
  records: readonly Requeueable[],
  { source, refetch, actor, target, details, receipt }: RequeueOrder,
): Promise<Requeued> {
  const audit = { actor, action: 'requeue', target, details: { ...details, records: records.length, refetch } };
  const requeued = await requeueRecords(context.db, records, {
    refetch,
    audit,
    receipt: receipt && { source, ...receipt },
  });
  const { upserts, refreshes, wanted, former } = requeued;
  await followUp(context, source, { upserts, runs: former });
  await context.enqueue(
    fetchRecord,
    refreshes.map(({ key, account, runId }) => refreshJob(context, key, { account, runId })),
  );
  // It takes a batch; the sweep takes the rest.
  for (const entity of wanted) await lookUp(context, source, entity);
  return requeued;
}
