import { SORT } from '../db/keyset.ts';
import { type RefreshAnswer, readRefreshAnswers } from '../db/refresh-answers.ts';
import {
  countReceipt,
  isReleasing,
  listReceipt,
  type ReceiptCounts,
  type ReceiptRow,
  type ReceiptRun,
  readReceiptHead,
  readReceiptRuns,
} from '../db/requeue-receipts.ts';
import type { RequeueStep } from '../db/requeueable.ts';
import type { OperationsContext } from './context.ts';
import { explainUnknown, type UnknownId } from './preview-requeue.ts';
import { numbersOf } from './visible-numbers.ts';

export type { ReceiptCounts, ReceiptRun };

/** What became of one record. */
export interface ReceiptRecord {
  external_id: string;
  number: string | null;
  entity: string;
  account: string;
  before: string;
  step: RequeueStep;
  /** Null when it has been deleted since. */
  after: string | null;
  waits_for: string[] | null;
  error: string | null;
  /** Of a record that is read again: absent while the source has not answered, and some days later. */
  source_says?: RefreshAnswer;
  /** In its table, and as the source had it, be it without a parent that nobody has; null while it is under way. */
  ok: boolean | null;
}

export interface RequeueReceipt {
  id: string;
  at: Date;
  actor: string;
  reason: string | null;
  source: string;
  refetch: boolean;
  /** Nothing is under way any more. */
  done: boolean;
  counts: ReceiptCounts;
  runs: ReceiptRun[];
  records: ReceiptRecord[];
  /** For the next part of `records`; null when this was the last. */
  next: string | null;
  /** Ids that nothing is known by; the first of them with what they may have meant. */
  unknown: UnknownId[];
  unknown_count: number;
}

interface Part {
  cursor?: string | undefined;
  limit?: number | undefined;
  /** Only those that have not gone through. */
  unwell?: boolean | undefined;
}

const USUAL_A_PART = 200;
const MOST_A_PART = 1000;
const MOST_UNKNOWN = 200;

/** How what was put back into the line stands now. To be asked again until it is `done`. Undefined for an id without receipt. */
export async function readReceipt(
  context: OperationsContext,
  id: string,
  { cursor, limit = USUAL_A_PART, unwell = false }: Part = {},
): Promise<RequeueReceipt | undefined> {
  const { db } = context;
  const head = SORT.number.test(id) ? await readReceiptHead(db, id) : undefined;
  if (!head) return undefined;
  const most = Math.min(Math.max(1, limit), MOST_A_PART);
  const after = cursor && SORT.number.test(cursor) ? Number(cursor) : 0;
  // Runs first: what a run has done before it closed is then in the counts.
  const runs = await readReceiptRuns(db, head.runs);
  const releasing = await isReleasing(db, id);
  const [counts, rows, answers] = await Promise.all([
    countReceipt(db, id),
    listReceipt(db, id, { after, limit: most + 1, unwell }),
    head.refetch ? readRefreshAnswers(db, head.runs) : new Map<string, RefreshAnswer>(),
  ]);
  const shown = rows.slice(0, most);
  const numbers = await numbersOf(
    context,
    shown.map((row) => ({ ...row, source: head.source })),
  );
  const entity = shown[0]?.entity ?? '';
  const explained = await explainUnknown(context, { source: head.source, entity }, head.unknown.slice(0, MOST_UNKNOWN));
  const { reason } = head.details;
  return {
    id: head.id,
    at: head.at,
    actor: head.actor,
    reason: typeof reason === 'string' ? reason : null,
    source: head.source,
    refetch: head.refetch,
    done: counts.under_way === 0 && !releasing && runs.every((run) => run.status !== 'running'),
    counts,
    runs,
    records: shown.map((row, i) => recordOf(row, numbers[i] ?? null, runs, answers)),
    next: rows.length > most ? String(shown.at(-1)?.n) : null,
    unknown: explained,
    unknown_count: head.unknown.length,
  };
}

function recordOf(
  { external_id, entity, account, before, step, after, waits_for, last_error }: ReceiptRow,
  number: string | null,
  runs: readonly ReceiptRun[],
  answers: ReadonlyMap<string, RefreshAnswer>,
): ReceiptRecord {
  const run = runs.find((each) => each.entity === entity && each.account === account);
  const answer = step === 'refetch' ? answers.get(`${run?.id} ${external_id}`) : undefined;
  const record = { external_id, number, entity, account, before, step, after, waits_for, error: last_error };
  const underWay =
    after === 'pending' ||
    (after === 'listed' && last_error === null) ||
    (step === 'refetch' && answer === undefined && run?.status === 'running');
  const ok = underWay
    ? null
    : after === 'applied' && (step !== 'refetch' || answer === undefined || answer === 'found');
  return { ...record, ...(answer !== undefined && { source_says: answer }), ok };
}
