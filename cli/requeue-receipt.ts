import type { Requeued } from '../db/requeue.ts';
import type { Requeueable } from '../db/requeueable.ts';
import { stepOf } from '../db/requeueable.ts';
import type { OperationsContext } from '../operations/context.ts';
import type { UnknownId } from '../operations/preview-requeue.ts';
import { type ReceiptRecord, readReceipt } from '../operations/receipt.ts';

/** What is to become of a record; once it was waited for, what has. */
export type Receipt = Pick<ReceiptRecord, 'external_id' | 'entity' | 'account' | 'before' | 'step'> &
  Partial<ReceiptRecord>;

export interface RequeueReport {
  /** For the console; null when nothing was put back. */
  id: string | null;
  dry_run: boolean;
  refetch: boolean;
  /** Every run closed and every look-up answered in time; null when nobody waited. */
  finished: boolean | null;
  runs: Requeued['runs'];
  records: Receipt[];
  unknown: UnknownId[];
}

export function receiptOf(record: Requeueable, refetch: boolean): Receipt {
  const { external_id, entity, account, state } = record;
  return { external_id, entity, account, before: state, step: stepOf(record, refetch) };
}

const AT_ONCE = 1000;

/** How all records of a receipt stand now. */
export async function withOutcome(context: OperationsContext, id: string): Promise<Receipt[]> {
  const records: Receipt[] = [];
  for (let cursor: string | undefined; ; ) {
    const part = await readReceipt(context, id, { cursor, limit: AT_ONCE });
    records.push(...(part?.records ?? []).map((record) => ({ ...record, after: record.after ?? 'gone' })));
    if (!part?.next) return records;
    cursor = part.next;
  }
}
