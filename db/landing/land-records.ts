import { sql } from 'kysely';
import { jsonText, payloadHash } from '../json.ts';
import { addToRuns, type RunDeltas, type RunState } from '../runs/ledger.ts';
import type { Trx } from '../transaction.ts';

export interface IncomingRecord {
  externalId: string;
  payload: unknown;
  /** The vendor's own version, or null; then fetch time decides which of two payloads is newer. */
  version: string | null;
}

export interface Landing {
  source: string;
  scope: string;
  entity: string;
  account: string;
  /** The run whose ledger the records count in; null for a record read outside a run. */
  runId: string | null;
  /** Set when the run goes on by pages: which page's `upsert-page` job will apply the records. */
  page?: string | null;
  /** Database clock before the request went out. */
  fetchedAt: Date;
  /** A copy inside another record: never overwrites the record itself. */
  partial?: boolean;
  /** Land also what has not changed, so that it is applied again. */
  force?: boolean;
  records: IncomingRecord[];
  /** Counted in the run together with the records. */
  progress?: RunDeltas;
}

export interface LandedRecord {
  externalId: string;
  version: number;
}

export interface LandingResult {
  fetched: number;
  unchanged: number;
  stale: number;
  /** New or changed: these go on to apply. */
  landed: LandedRecord[];
  runs: RunState[];
}

interface LandedRow extends LandedRecord {
  replaced_run_id: string | null;
  replaced_state: string | null;
}

/**
 * Lands the newest raw payloads in `source_records`, in one statement. An unchanged record costs no write, an older one is
 * refused. A record that another run had not finished with moves to this run's ledger; there it counts as stale.
 */
export async function landRecords(trx: Trx, landing: Landing): Promise<LandingResult> {
  const { unique, repeated } = newestOfEach(landing.records);
  const { source, scope, entity, account, runId, fetchedAt } = landing;
  const page = landing.page ?? null;
  const partial = landing.partial ?? false;
  const force = landing.force ?? false;
  const incoming = `[${unique.map(rowText).join(',')}]`;

  const older = sql`(not s.is_partial or ${partial}) and s.state not in ('listed', 'gone') and case
    when s.source_version is not null and i.source_version is not null then i.source_version < s.source_version
    else ${fetchedAt}::timestamptz < s.fetched_at end`;
  const fullerIsHere = sql`${partial} and not s.is_partial and s.state not in ('listed', 'gone')`;
  const same = sql`s.payload_hash = i.payload_hash and s.deleted_at is null and not ${force} and (s.state in ('applied', 'pending')
    or (s.state in ('parked', 'quarantined') and s.run_id is not distinct from ${runId}::uuid))`;

  const result = await sql<{ stale: number; unchanged: number; landed: LandedRow[] }>`
    with i as (
      select * from json_to_recordset(${incoming}::json)
        as i (external_id text, payload jsonb, payload_hash text, source_version text)
    ), decided as (
      select i.*, case
        when s.external_id is null then 'land'
        when ${fullerIsHere} then 'unchanged'
        when ${same} then 'unchanged'
        when ${older} then 'stale'
        else 'land' end as decision
      from i left join source_records s
        on s.source = ${source} and s.scope = ${scope} and s.entity = ${entity} and s.external_id = i.external_id
    ), landed as (
      insert into source_records as s (source, scope, entity, external_id, account, payload, payload_hash, source_version,
        fetched_at, run_id, page, state, is_partial, due_at)
      select ${source}, ${scope}, ${entity}, external_id, ${account}, payload, payload_hash, source_version,
        ${fetchedAt}, ${runId}::uuid, ${page}, 'pending', ${partial},
        case when ${runId}::uuid is null then clock_timestamp() + interval '1 minute' end
      from decided where decision = 'land' order by external_id
      on conflict (source, scope, entity, external_id) do update set
        account = excluded.account, payload = excluded.payload, payload_hash = excluded.payload_hash,
        source_version = excluded.source_version, fetched_at = excluded.fetched_at, run_id = excluded.run_id,
        page = excluded.page, state = 'pending', is_partial = excluded.is_partial, due_at = excluded.due_at,
        version = s.version + 1, attempts = 0, last_error = null, waits_for = null, deleted_at = null,
        replaced_run_id = s.run_id,
        replaced_state = case when s.state = 'listed' and s.trail is not null then null else s.state end
      where s.state in ('listed', 'gone') or (s.is_partial and not excluded.is_partial)
        or (s.is_partial or not excluded.is_partial) and case
          when s.source_version is not null and excluded.source_version is not null
            then excluded.source_version >= s.source_version
          else excluded.fetched_at >= s.fetched_at end
      returning external_id, version, replaced_run_id, replaced_state
    )
    select
      (select count(*)::int from decided where decision = 'stale') as stale,
      (select count(*)::int from decided where decision = 'unchanged') as unchanged,
      coalesce((select json_agg(json_build_object('externalId', external_id, 'version', version,
        'replaced_run_id', replaced_run_id, 'replaced_state', replaced_state)) from landed), '[]') as landed
  `.execute(trx);

  const { stale, landed, unchanged: known } = result.rows[0]!;
  const fetched = unique.length + repeated;
  // What a concurrent landing of the same record overtook between the look and the write has a newer payload already.
  const unchanged = fetched - stale - landed.length;
  const overtaken = unchanged - repeated - known;
  const runs = await addToRuns(
    trx,
    ledgerChanges(
      runId,
      { ...landing.progress, fetched, stale: stale + overtaken, unchanged: unchanged - overtaken },
      landed,
    ),
  );
  return { fetched, unchanged, stale, landed, runs };
}

function ledgerChanges(runId: string | null, counts: RunDeltas, landed: LandedRow[]): Map<string, RunDeltas> {
  const changes = new Map<string, RunDeltas>();
  if (runId) changes.set(runId, { ...counts, pending: landed.length, fanned_out: landed.length });
  for (const { replaced_run_id: replaced, replaced_state: state } of landed) {
    if (!replaced || (state !== 'pending' && state !== 'parked' && state !== 'listed')) continue;
    const left = state === 'parked' ? 'parked' : 'pending';
    const change = changes.get(replaced) ?? {};
    changes.set(replaced, { ...change, [left]: (change[left] ?? 0) - 1, stale: (change.stale ?? 0) + 1 });
  }
  return changes;
}

/** Two rows with one key in one INSERT … ON CONFLICT fail (21000), and a vendor does repeat rows within a page. */
function newestOfEach(records: IncomingRecord[]): { unique: IncomingRecord[]; repeated: number } {
  const newest = new Map<string, IncomingRecord>();
  for (const record of records) {
    const known = newest.get(record.externalId);
    if (!known || (record.version ?? '') >= (known.version ?? '')) newest.set(record.externalId, record);
  }
  return { unique: [...newest.values()], repeated: records.length - newest.size };
}

function rowText({ externalId, payload, version }: IncomingRecord): string {
  const text = jsonText(payload);
  return `{"external_id":${jsonText(externalId)},"source_version":${jsonText(version)},"payload_hash":"${payloadHash(text)}","payload":${text}}`;
}
