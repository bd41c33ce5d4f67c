import { sql } from 'kysely';
import { jsonText } from '../json.ts';
import { lookedAfter } from '../looked-after.ts';
import { prepared } from '../prepared.ts';
import { type RecordKey, waitName } from '../record-key.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';
import type { ParentRef } from './map-record.ts';
import type { ApplyTarget } from './target.ts';

/** After this long a parent that was gone is looked for again when a new record refers to it. */
export const NEGATIVE_CACHE_HOURS = 6;

/** How a parent that has no row stands. */
export type Absent = { gone: true; trail: unknown } | { gone: false };

export interface Absentees {
  /** By the id the parent's row would have. Parents that are here are not in it. */
  absent: Map<string, Absent>;
  /** Parents that are landed but lost their row: to be applied again. */
  reapply: { key: RecordKey; account: string; version: number }[];
  /** Entities with parents to look for. */
  wanted: Set<string>;
}

interface ParentRow {
  entity: string;
  scope: string;
  external_id: string;
  state: string;
  account: string;
  version: number;
  trail: unknown;
  is_partial: boolean;
  stale_gone: boolean;
}

/**
 * Which parents have no row, and what is being done about it. For each such parent there is afterwards exactly one row in
 * `source_records`, locked until this transaction ends: its own apply starts after we commit and then sees who waits.
 */
export async function absentParents(
  trx: Trx,
  target: ApplyTarget,
  parents: readonly (ParentRef & { account: string; runId: string | null })[],
): Promise<Absentees> {
  const none: Absentees = { absent: new Map(), reapply: [], wanted: new Set() };
  let missing = await withoutRow(trx, target, parents);
  if (missing.length === 0) return none;

  const unique = [...new Map(missing.map((parent) => [parent.id, parent])).values()];
  const asked = jsonText(
    unique.map(({ key, account, runId }) => ({
      scope: key.scope,
      entity: key.entity,
      external_id: key.externalId,
      account,
      run_id: runId,
    })),
  );
  const askedRows = sql`json_to_recordset(${asked}::json) as a (scope text, entity text, external_id text, account text, run_id uuid)`;
  await sql`
    insert into source_records (source, scope, entity, external_id, account, state, run_id, due_at, trail)
    select ${target.source}, scope, entity, external_id, account, 'listed', run_id, clock_timestamp(), '[]' from ${askedRows}
    order by entity, scope, external_id
    on conflict (source, scope, entity, external_id) do nothing`.execute(trx);
  const locked = await sql<ParentRow>`
    select s.entity, s.scope, s.external_id, s.account, s.state, s.version, s.trail, s.is_partial,
      s.state = 'gone' and s.fetched_at < clock_timestamp() - make_interval(hours => ${NEGATIVE_CACHE_HOURS}) as stale_gone
    from (select * from ${askedRows} order by entity, scope, external_id) a
    cross join lateral (
      select * from source_records s where s.source = ${target.source} and s.entity = a.entity and s.scope = a.scope
        and s.external_id = a.external_id limit 1 for update) s`.execute(trx);

  // Between the first look and the lock a parent's apply may have committed.
  missing = await withoutRow(trx, target, unique);
  const rowOf = new Map(
    locked.rows.map((row) => [`${row.scope} ${waitName({ entity: row.entity, externalId: row.external_id })}`, row]),
  );
  const { absent, reapply, wanted } = none;
  for (const { id, key } of missing) {
    const row = rowOf.get(`${key.scope} ${waitName(key)}`);
    if (row?.state === 'gone' && !row.stale_gone) {
      absent.set(id, { gone: true, trail: row.trail });
      continue;
    }
    absent.set(id, { gone: false });
    if (row?.state === 'applied') reapply.push({ key, account: row.account, version: row.version + 1 });
    else if (row?.state === 'listed' && row.trail !== null) wanted.add(key.entity);
    else if (row && (['gone', 'listed'].includes(row.state) || (row.state === 'quarantined' && row.is_partial))) {
      // Gone long ago, known by its id alone, or only by a copy inside another record that is no good.
      await lookAgain(trx, key);
      wanted.add(key.entity);
    }
  }
  if (reapply.length > 0) await reopen(trx, reapply);
  return none;
}

/** A parent deleted behind our back: the landed payload is still here, so no request is needed. */
async function reopen(trx: Trx, records: readonly { key: RecordKey }[]): Promise<void> {
  for (const { key } of records) {
    await sql`update source_records set state = 'pending', version = version + 1, run_id = null,
      due_at = ${lookedAfter}
      where source = ${key.source} and scope = ${key.scope} and entity = ${key.entity} and external_id = ${key.externalId}`.execute(
      trx,
    );
  }
}

/** Starts the look-up of a parent afresh. */
export function lookAgain(trx: Trx, key: RecordKey): Promise<void> {
  return lookAgainAll(trx, [key]);
}

/** Starts look-ups afresh; the caller has locked the records. */
export async function lookAgainAll(trx: Trx, keys: readonly RecordKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`update source_records set state = 'listed', attempts = attempts + 1, trail = '[]', last_error = null,
    due_at = clock_timestamp()
    where ctid = any(array(
      select s.ctid from json_to_recordset(${jsonText(keys)}::json)
        as k (source text, scope text, entity text, "externalId" text)
      cross join lateral (select s.ctid from source_records s where s.source = k.source and s.entity = k.entity
        and s.scope = k.scope and s.external_id = k."externalId" and (s.state in ('gone', 'listed') or s.is_partial)
        limit 1 for update) s))`.execute(trx);
}

async function withoutRow<P extends ParentRef>(trx: Trx, target: ApplyTarget, parents: readonly P[]): Promise<P[]> {
  const here = new Set<string>();
  for (const [entity, group] of Map.groupBy(parents, (parent) => parent.key.entity)) {
    const ids = [...new Set(group.map((parent) => parent.id))];
    const { rows } = await sql<{ id: string }>`
      ${prepared(ids.length)}select id from ${sql.table(target.entity(entity).table)} where id = any(${textArray(ids)}::text[]::uuid[])`.execute(
      trx,
    );
    for (const { id } of rows) here.add(id);
  }
  return parents.filter((parent) => !here.has(parent.id));
}
