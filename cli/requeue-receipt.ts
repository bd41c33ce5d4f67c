import type { Db } from '../db/connection.ts';
import type { NearMiss } from '../db/near-misses.ts';
import { type RefreshAnswer, readRefreshAnswers } from '../db/refresh-answers.ts';
import { type Requeueable, type Requeued, type RequeueStep, stepOf } from '../db/requeue.ts';
import { readStandings } from './wait-for-requeue.ts';

/** What became of one record. */
export interface Receipt {
  external_id: string;
  entity: string;
  account: string;
  before: string;
  step: RequeueStep;
  /** Once it was waited for. */
  after?: string;
  waits_for?: string[] | null;
  error?: string | null;
  /** Of `--refetch`. */
  source_says?: RefreshAnswer | undefined;
  ok?: boolean;
}

export interface RequeueReport {
  dry_run: boolean;
  refetch: boolean;
  /** Every run closed and every look-up answered in time; null when nobody waited. */
  finished: boolean | null;
  runs: Requeued['runs'];
  records: Receipt[];
  unknown: { external_id: string; near_misses: NearMiss[] }[];
}

export function receiptOf(record: Requeueable, refetch: boolean): Receipt {
  const { external_id, entity, account, state } = record;
  return { external_id, entity, account, before: state, step: stepOf(record, refetch) };
}

/** The receipts with how the records stand now. */
export async function withOutcome(
  db: Db,
  records: readonly Requeueable[],
  { runs }: Requeued,
  refetch: boolean,
): Promise<Receipt[]> {
  const runIds = runs.map((run) => run.id);
  const [standings, answers] = await Promise.all([readStandings(db, records), readRefreshAnswers(db, runIds)]);
  const nameOf = (of: { scope: string; entity: string; external_id: string }) =>
    [of.entity, of.scope, of.external_id].join(' ');
  const standing = new Map(standings.map((each) => [nameOf(each), each]));
  return records.map((record) => {
    const receipt = receiptOf(record, refetch);
    const now = standing.get(nameOf(record));
    const run = runs.find(({ entity, account }) => entity === record.entity && account === record.account);
    const answer = receipt.step === 'refetch' ? answers.get(`${run?.id} ${record.external_id}`) : undefined;
    const refreshed = receipt.step !== 'refetch' || answer === 'found';
    return {
      ...receipt,
      after: now?.state ?? 'gone',
      waits_for: now?.waits_for ?? null,
      error: now?.last_error ?? null,
      ...(receipt.step === 'refetch' && { source_says: answer }),
      ok: now?.state === 'applied' && refreshed,
    };
  });
}
