import { sql } from 'kysely';
import { type Apply, applyLanding } from './apply/apply-landing.ts';
import { type ApplyResult, releaseWaitersOf } from './apply/apply-records.ts';
import type { Db } from './connection.ts';
import { openIssues, resolveIssues } from './issues.ts';
import { jsonText } from './json.ts';
import type { IncomingRecord } from './landing/land-records.ts';
import type { RecordKey } from './record-key.ts';
import { endWithRuns, tally } from './runs/ledger.ts';
import { textArray } from './text-array.ts';
import { repeatable, type Trx, transaction } from './transaction.ts';

/** One question about a missing record and what came back. */
export interface TrailStep {
  account: string;
  at: string;
  /** `more`: not on this page, `note` names the next; it stands only until the account has been asked to the end. */
  answer: 'found' | 'absent' | 'unavailable' | 'more';
  note: string;
}

/** A missing record that is being looked for: one chain of questions over the accounts, however many records wait for it. */
export interface Lookup {
  key: RecordKey;
  /** The account whose record asked for it first. */
  account: string;
  /** Run of that record; the requests count there. */
  runId: string | null;
  /** How often the chain has been started afresh. */
  attempt: number;
  trail: TrailStep[];
}

/** A claimed look-up that has not moved for this long is looked after: its job may be lost. */
const LEASE_SECONDS = 20;
/** That one call claims. */
export const MOST_LOOKUPS = 500;

/**
 * Takes the look-ups that are due, each by one caller only; `keptOut` are those that nobody may bring back. While a listing of the entity is still running they are not:
 * most of what is missing then is merely on a later page.
 */
export async function claimDueLookups(
  db: Db,
  source: string,
  entity: string,
): Promise<(Lookup & { keptOut: boolean })[]> {
  const { rows } = await sql<LookupRow & { kept_out: boolean }>`
    with due as materialized (
      -- By the index on due_at, whatever the planner believes of the primary key.
      select ctid as place, source, entity from source_records where due_at <= now() and state = 'listed' and trail is not null
    )
    update source_records s set due_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    where ctid = any(array(
      select l.ctid from due join source_records l on l.ctid = due.place
      where due.source = ${source} and due.entity = ${entity} and l.due_at <= now() and l.state = 'listed'
        and not exists (select 1 from sync_log r where r.source = l.source and r.entity = l.entity and r.status = 'running'
          and r.trigger in ('schedule', 'manual') and (l.scope = '*' or l.scope = r.account)
          -- Read to its end and only waiting: for records of its own kind, it would wait for ever.
          and not (r.pages_open = 0 and r.pending = 0 and r.parked > 0))
      order by l.due_at limit ${MOST_LOOKUPS} for update of l skip locked))
    returning ${columns}, exists (select from kept_out k where k.source = s.source and k.scope = s.scope
      and k.entity = s.entity and k.external_id = s.external_id) as kept_out`.execute(db);
  return rows.map((row) => ({ ...lookupOf(row), keptOut: row.kept_out }));
}

const columns = sql`source, scope, entity, external_id, account, run_id, attempts, trail`;

interface LookupRow {
  source: string;
  scope: string;
  entity: string;
  external_id: string;
  account: string;
  run_id: string | null;
  attempts: number;
  trail: TrailStep[];
}

function lookupOf({ source, scope, entity, external_id, account, run_id, attempts, trail }: LookupRow): Lookup {
  return { key: { source, scope, entity, externalId: external_id }, account, runId: run_id, attempt: attempts, trail };
}

/** Gives the chain's next question a new number. */
export async function restartLookup(db: Db, { key, attempt }: Lookup): Promise<number> {
  await sql`update source_records set attempts = ${attempt + 1} where ${isRecord(key)} and state = 'listed'`.execute(
    db,
  );
  return attempt + 1;
}

/** A look-up as it stands, with the database's clock. */
export type OpenLookup = Lookup & { now: Date };

/** Look-ups by external id; those whose record has turned up (or been given up) in the meantime are not among them. */
export async function readLookups(
  db: Db,
  { source, scope, entity }: Omit<RecordKey, 'externalId'>,
  externalIds: readonly string[],
): Promise<Map<string, OpenLookup>> {
  const { rows } = await sql<LookupRow & { now: Date }>`
    select ${columns}, clock_timestamp() as now from source_records
    where source = ${source} and scope = ${scope} and entity = ${entity} and external_id = any(${textArray(externalIds)}::text[])
      and state = 'listed' and trail is not null`.execute(db);
  return new Map(rows.map((row) => [row.external_id, { ...lookupOf(row), now: row.now }]));
}

/** Writes an answer into the trail. */
export function recordAnswer(db: Db, { key }: Lookup, step: TrailStep): Promise<void> {
  return repeatable(db, (trx) => writeAnswers(trx, key, [{ externalId: key.externalId, step }]));
}

/** Locks the records in the order in which everybody locks. */
async function writeAnswers(
  trx: Trx,
  { source, scope, entity }: Omit<RecordKey, 'externalId'>,
  answers: readonly { externalId: string; step: TrailStep }[],
  { foundById = false } = {},
): Promise<void> {
  const ids = textArray(answers.map(({ externalId }) => externalId));
  const steps = textArray(answers.map(({ step }) => jsonText(step)));
  await sql`
    with answered as materialized (
      select l.ctid as place, a.step::jsonb as step
      from (select * from unnest(${ids}::text[], ${steps}::text[]) as a (external_id, step) order by external_id) a
      cross join lateral (select s.ctid from source_records s where s.source = ${source} and s.entity = ${entity}
        and s.scope = ${scope} and s.external_id = a.external_id and s.state = 'listed' limit 1 for update) l
    )
    update source_records s set trail = coalesce((select jsonb_agg(answer order by at) from jsonb_array_elements(trail)
        with ordinality as t (answer, at) where answer ->> 'answer' <> 'more'), '[]') || a.step,
      due_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}),
      found_at = case when ${foundById} then now() else found_at end
    from answered a where s.ctid = a.place`.execute(trx);
}

/** Where records were looked for. `inLists`: the entity's lists carry whole records, so one found by its id may be missing from them. */
export interface FoundAt {
  scope: string;
  account: string;
  inLists: boolean;
}

/** The end of a look-up. */
export interface FoundRecord {
  lookup: Lookup;
  step: TrailStep;
  record: IncomingRecord;
  /** Database clock before the request went out. */
  fetchedAt: Date;
  requests: number;
}

/**
 * The answers, the records, where such ones are found and what it cost, committed together; then what waited for them is
 * released.
 */
export async function landFound(
  db: Db,
  apply: Apply,
  { scope, account, inLists }: FoundAt,
  found: readonly FoundRecord[],
): Promise<ApplyResult> {
  const { target, entity } = apply;
  const key = { source: target.source, scope, entity: entity.name };
  const answers = found.map(({ record, step }) => ({ externalId: record.externalId, step }));
  const fetchedAt = new Date(Math.min(...found.map((one) => one.fetchedAt.getTime())));
  const records = found.map(({ record }) => record);
  const landing = { ...key, account, runId: null, fetchedAt, force: true, records };
  const { applied, runs } = await repeatable(db, async (trx) => {
    await writeAnswers(trx, key, answers, { foundById: inLists });
    const { applied, changes } = await applyLanding(trx, landing, apply);
    // The account that asks is asked first anyway; and its row would be everybody's lock.
    for (const { lookup, step } of found) {
      if (step.account !== lookup.account) await countHit(trx, lookup, step.account);
    }
    const ledger = tally(changes);
    for (const { lookup, requests } of found) ledger.add(lookup.runId, { requests });
    return { applied, runs: await endWithRuns(trx, ledger.changes) };
  });
  await releaseWaitersOf(db, target, entity, scope, applied);
  return { ...applied, runs };
}

async function countHit(trx: Trx, { key, account }: Lookup, foundAt: string): Promise<void> {
  await sql`
    insert into lookup_hits as h (source, entity, asked_account, found_account)
    values (${key.source}, ${key.entity}, ${account}, ${foundAt})
    on conflict (source, entity, asked_account, found_account) do update set hits = h.hits + 1`.execute(trx);
}

export async function countRequests(db: Db, runId: string | null, requests: number): Promise<void> {
  if (runId && requests > 0) await repeatable(db, (trx) => endWithRuns(trx, new Map([[runId, { requests }]])));
}

/**
 * In which order the accounts are asked: the waiting record's own, then where such records were found before, then the rest;
 * those that are paused last, because their answers wait until an operator lets them go on.
 */
export async function accountsToAsk(db: Db, lookup: Lookup, accounts: readonly string[]): Promise<string[]> {
  const { source, entity, scope } = lookup.key;
  if (scope !== '*') return accounts.includes(scope) ? [scope] : [];
  if (accounts.length === 1) return [...accounts];
  const { rows } = await sql<{ account: string; is_paused: boolean }>`
    (select found_account as account, false as is_paused from lookup_hits
      where source = ${source} and entity = ${entity} and asked_account = ${lookup.account} order by hits desc)
    union all select account, true from pauses where source = ${source} and entity is null`.execute(db);
  const paused = new Set(rows.filter((row) => row.is_paused).map((row) => row.account));
  const hits = rows.filter((row) => !row.is_paused).map((row) => row.account);
  const order = [...new Set([lookup.account, ...hits, ...accounts])].filter((account) => accounts.includes(account));
  return order.toSorted((a, b) => Number(paused.has(a)) - Number(paused.has(b)));
}

/** Nobody has the record: what waits for it is stored without it. */
export async function markGone(db: Db, { key }: Lookup): Promise<void> {
  await transaction(db, async (trx) => {
    await sql`update source_records set state = 'gone', due_at = null, last_error = null, fetched_at = clock_timestamp()
      where ${isRecord(key)} and state = 'listed'`.execute(trx);
    const { source, scope, entity, externalId } = key;
    await resolveIssues(trx, {
      source,
      scope,
      entity,
      externalIds: [externalId],
      kinds: ['unavailable'],
      resolution: 'gone',
    });
  });
}

const RETRY_MINUTES = 5;

/** Not every account could be asked, so nobody may say that the record is gone: looked for again later. */
export async function postponeLookup(db: Db, { key, account, runId, trail }: Lookup, reason: string): Promise<void> {
  await transaction(db, async (trx) => {
    await sql`update source_records set attempts = attempts + 1, last_error = ${reason}, trail = '[]',
        due_at = clock_timestamp() + make_interval(mins => ${RETRY_MINUTES})
      where ${isRecord(key)} and state = 'listed'`.execute(trx);
    await openIssues(trx, [
      {
        source: key.source,
        account,
        entity: key.entity,
        externalId: key.externalId,
        kind: 'unavailable',
        message: `could not be looked for everywhere: ${reason}. It is tried again by itself.`,
        details: { trail },
        runId,
      },
    ]);
  });
}

function isRecord({ source, scope, entity, externalId }: RecordKey) {
  return sql`source = ${source} and scope = ${scope} and entity = ${entity} and external_id = ${externalId}`;
}
