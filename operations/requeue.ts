import { SORT } from '../db/keyset.ts';
import type { Requeued } from '../db/requeue.ts';
import { findOfCause, type Requeueable } from '../db/requeueable.ts';
import { requeue, type Sent } from '../jobs/requeue.ts';
import type { By, OperationsContext } from './context.ts';
import { checkReadable, type FailedOrder, findAsked, findUnwell, type IdsOrder } from './preview-requeue.ts';
import { UsageError } from './usage-error.ts';

/** What has been put back into the line. `readReceipt(id)` tells what becomes of it. */
export interface RequeueDone {
  /** Null when there was nothing to put back. */
  id: string | null;
  records: number;
  /** Ids that nothing is known by. */
  unknown: string[];
}

/** With what a caller needs who follows it in this process, or ends soon: then `sent` is to be waited for. */
export type RequeueSent = RequeueDone & Sent & { found: Requeueable[]; requeued: Requeued | null };

/**
 * Puts records back into the line by their ids. Everything goes through the same queues as ever: applied as it was landed, or,
 * with `refetch`, read again within the budget. Answers once it is written down; the jobs follow (`sent`).
 */
export async function requeueIds(context: OperationsContext, order: IdsOrder, by: By): Promise<RequeueSent> {
  const { source, account, entity, ids, refetch = false } = order;
  const { found, unknown } = await findAsked(context, order);
  const target = [source, account, entity].filter(Boolean).join('/');
  return send(context, { source, target, refetch, asked: { asked: 'ids', ids: ids.length }, unknown }, found, by);
}

/** Every record that has not gone through: parked, in quarantine, or stored without its parent. */
export async function requeueFailed(context: OperationsContext, order: FailedOrder, by: By): Promise<RequeueSent> {
  const { source, account, entity, refetch = false } = order;
  const found = await findUnwell(context, order);
  const target = [source, account, entity].filter(Boolean).join('/');
  return send(context, { source, target, refetch, asked: { asked: 'failed' }, unknown: [] }, found, by);
}

export interface GroupOrder {
  /** `IssueGroup.cause` */
  cause: string;
  account?: string | undefined;
  /** Ids of issues of the cause; without, all of them. */
  issues?: readonly string[] | undefined;
  refetch?: boolean | undefined;
}

/**
 * The records of the open issues with one cause, or of some of them. Throws `UsageError` where the issues are of listings, not
 * of records: those close when the listing is read.
 */
export async function requeueGroup(
  context: OperationsContext,
  { cause, account, issues: some, refetch = false }: GroupOrder,
  by: By,
): Promise<RequeueSent> {
  const issues = some?.filter((id) => SORT.number.test(id));
  const found = SORT.hash.test(cause) ? await findOfCause(context.db, cause, { account, issues }) : [];
  const [first] = found;
  if (!first) throw new UsageError('No record has an open issue of this cause.');
  const { source } = first;
  if (refetch) checkReadable(context, source, new Set(found.map((record) => record.entity)));
  const target = [source, account].filter(Boolean).join('/');
  return send(context, { source, target, refetch, asked: { asked: 'cause', cause }, unknown: [] }, found, by);
}

async function send(
  context: OperationsContext,
  order: {
    source: string;
    target: string;
    refetch: boolean;
    asked: Record<string, unknown>;
    unknown: string[];
  },
  found: Requeueable[],
  { actor, reason = null }: By,
): Promise<RequeueSent> {
  const { source, target, refetch, asked, unknown } = order;
  const done = { records: found.length, unknown, found };
  if (found.length === 0) return { ...done, id: null, requeued: null, sent: Promise.resolve() };
  const { sent, ...requeued } = await requeue(context, found, {
    source,
    refetch,
    actor,
    target,
    details: { ...asked, reason },
    receipt: { unknown },
  });
  return { ...done, id: requeued.id, requeued, sent };
}
