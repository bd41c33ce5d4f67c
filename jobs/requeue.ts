import { type Requeued, requeueRecords } from '../db/requeue.ts';
import type { Requeueable } from '../db/requeueable.ts';
import type { JobContext } from './define-job.ts';
import { BULK_FROM } from './fetch-priority.ts';
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

export interface Sent {
  /** The jobs are in their queues, or the sweep will find what they were for. Never rejects. */
  sent: Promise<void>;
}

/**
 * Puts records back into the line. Once it answers nothing can be lost; the jobs are sent out meanwhile (`sent`). Whether
 * somebody works on them is the caller's business.
 */
export async function requeue(
  context: JobContext,
  records: readonly Requeueable[],
  { source, refetch, actor, target, details, receipt }: RequeueOrder,
): Promise<Requeued & Sent> {
  const audit = { actor, action: 'requeue', target, details: { ...details, records: records.length, refetch } };
  const kept = receipt && { source, ...receipt };
  const requeued = await requeueRecords(context.db, records, { refetch, audit, receipt: kept });
  const sent = sendOut(context, source, requeued).catch((error: unknown) =>
    context.log.warn({ err: error }, 'requeue: the queue does not answer; the sweep will send the jobs'),
  );
  return { ...requeued, sent };
}

async function sendOut(
  context: JobContext,
  source: string,
  { upserts, refreshes, wanted, former }: Requeued,
): Promise<void> {
  await followUp(context, source, { upserts, runs: former });
  const bulk = refreshes.length > BULK_FROM ? { bulk: true } : {};
  await context.enqueue(
    fetchRecord,
    refreshes.map(({ key, account, runId }) => ({ ...refreshJob(context, key, { account, runId }), ...bulk })),
  );
  // It takes a batch; the sweep takes the rest.
  for (const entity of wanted) await lookUp(context, source, entity);
}
