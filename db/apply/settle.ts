import { sql } from 'kysely';
import { closeElsewhere, type IssueKind, type NewIssue, openIssues, resolveIssues } from '../issues.ts';
import { jsonText } from '../json.ts';
import { landedOf } from '../landed-of.ts';
import { type RecordKey, WHOLE_SOURCE, waitName } from '../record-key.ts';
import { type RunDeltas, tally } from '../runs/ledger.ts';
import type { Trx } from '../transaction.ts';
import type { Problem } from './map-record.ts';

export interface PendingRecord {
  external_id: string;
  account: string;
  /** Made when it is mapped, and not kept. */
  payload(): unknown;
  run_id: string | null;
  waits_for: string[] | null;
  is_partial: boolean;
}

export type Outcome =
  | { state: 'applied'; inserted: boolean; gone: { key: RecordKey; trail: unknown }[] }
  | { state: 'parked'; waitsFor: string[] }
  | { state: 'quarantined'; problems: Problem[] };

/** Of a record that is in its table, whatever it lacks. */
const STORED_KINDS: readonly IssueKind[] = ['invalid_record', 'unavailable', 'rejected'];
const HEALED_KINDS: readonly IssueKind[] = ['missing_parent', ...STORED_KINDS];

/**
 * Writes down what became of each record: its state and its issues. Answers with what changes in their runs' ledgers, which
 * are moved last. `landedApplied`: the records have just been landed as applied, so only the others have to be corrected.
 */
export async function settle(
  trx: Trx,
  key: Omit<RecordKey, 'externalId'>,
  records: readonly PendingRecord[],
  outcomes: ReadonlyMap<string, Outcome>,
  { landedApplied = false } = {},
): Promise<Map<string, RunDeltas>> {
  const ledger = tally();
  const states: Record<string, unknown>[] = [];
  const issues: NewIssue[] = [];
  const healed: string[] = [];
  const stored: string[] = [];
  for (const record of records) {
    const outcome = outcomes.get(record.external_id)!;
    ledger.add(record.run_id, { pending: -1, [counterOf(outcome)]: 1 });
    const issue = issueOf(key, record, outcome);
    if (issue) issues.push(issue);
    if (outcome.state === 'applied') (issue ? stored : healed).push(record.external_id);
    if (landedApplied && outcome.state === 'applied' && outcome.gone.length === 0) continue;
    states.push({
      external_id: record.external_id,
      state: outcome.state,
      waits_for: waitsOf(outcome),
      last_error: outcome.state === 'quarantined' ? problemText(outcome.problems) : null,
    });
  }
  if (states.length > 0) await writeStates(trx, key, states, landedApplied);
  await openIssues(trx, issues);
  if (key.scope === WHOLE_SOURCE) await closeElsewhere(trx, issues, HEALED_KINDS);
  await resolveIssues(trx, { ...key, externalIds: healed, kinds: HEALED_KINDS, resolution: 'applied' });
  await resolveIssues(trx, { ...key, externalIds: stored, kinds: STORED_KINDS, resolution: 'applied' });
  return ledger.changes;
}

async function writeStates(
  trx: Trx,
  key: Omit<RecordKey, 'externalId'>,
  states: readonly Record<string, unknown>[],
  landedApplied: boolean,
): Promise<void> {
  await sql`
    update source_records s set state = o.state, waits_for = o.waits_for, last_error = o.last_error, due_at = null,
      attempts = s.attempts + ${landedApplied ? 0 : 1},
      applied_at = case when o.state = 'applied' then clock_timestamp() when ${landedApplied} then null else s.applied_at end
    from json_to_recordset(${jsonText(states)}::json) as o (external_id text, state text, waits_for text[], last_error text)
    cross join lateral ${landedOf(key, 'o')} l
    where s.ctid = l.ctid
  `.execute(trx);
}

function counterOf(outcome: Outcome): 'inserted' | 'updated' | 'parked' | 'quarantined' {
  if (outcome.state !== 'applied') return outcome.state;
  return outcome.inserted ? 'inserted' : 'updated';
}

/** A record applied without a gone parent goes on waiting for it: the link heals when the parent turns up after all. */
function waitsOf(outcome: Outcome): string[] | null {
  if (outcome.state === 'parked') return outcome.waitsFor;
  if (outcome.state === 'applied' && outcome.gone.length > 0) return outcome.gone.map((parent) => waitName(parent.key));
  return null;
}

function issueOf(key: Omit<RecordKey, 'externalId'>, record: PendingRecord, outcome: Outcome): NewIssue | undefined {
  const about = {
    source: key.source,
    account: record.account,
    entity: key.entity,
    externalId: record.external_id,
    runId: record.run_id,
  };
  if (outcome.state === 'quarantined') {
    const message = `cannot be applied: ${problemText(outcome.problems)}`;
    return { ...about, kind: 'invalid_record', message, details: { problems: outcome.problems } };
  }
  if (outcome.state === 'applied' && outcome.gone.length > 0) {
    const names = outcome.gone.map((parent) => waitName(parent.key)).join(', ');
    return {
      ...about,
      kind: 'missing_parent',
      message: `stored without ${names}: not found at ${key.source}`,
      details: {
        parents: outcome.gone.map(({ key: parent, trail }) => ({
          entity: parent.entity,
          // Its issues are shown together by it.
          scope: parent.scope,
          external_id: parent.externalId,
          trail,
        })),
      },
    };
  }
  return undefined;
}

function problemText(problems: readonly Problem[]): string {
  return problems.map(({ field, found, rule }) => `${field}: ${rule} (found ${found})`).join('; ');
}
