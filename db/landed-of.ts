import { sql } from 'kysely';
import type { RecordKey } from './record-key.ts';
import { textArray } from './text-array.ts';

/**
 * For `… lateral`: the landed row of each external id of the relation `of`. One look into the primary key per id, whatever the
 * planner believes: while a table grows faster than its statistics, a plain join reads every record of the entity each time.
 */
export function landedOf({ source, scope, entity }: Omit<RecordKey, 'externalId'>, of: string) {
  return sql`(select s.*, s.ctid from source_records s where s.source = ${source} and s.entity = ${entity} and s.scope = ${scope}
    and s.external_id = ${sql.ref(`${of}.external_id`)} limit 1)`;
}

/**
 * For `from …`: the rows `s` of those records that have landed with just the payload that they are at hand with, `i` being
 * what is at hand. No payload is sent for it.
 */
export function landedAlike(
  key: Omit<RecordKey, 'externalId'>,
  records: readonly { externalId: string; hash: string }[],
) {
  const ids = textArray(records.map(({ externalId }) => externalId));
  const hashes = textArray(records.map(({ hash }) => hash));
  return sql`unnest(${ids}::text[], ${hashes}::text[]) as i (external_id, payload_hash)
    join lateral ${landedOf(key, 'i')} s on s.payload_hash = i.payload_hash`;
}

/** For `… lateral`: the rows that the name in `waits_for` of a waiting record stands for; see `landedOf` for why so. */
export function awaited(waiting: string, name: string) {
  const of = (column: string) => sql.ref(`${waiting}.${column}`);
  // One of the whole source and one of the account, at most.
  return sql`(select p.* from source_records p where p.source = ${of('source')} and p.entity = split_part(${sql.ref(name)}, '/', 1)
    and p.external_id = substr(${sql.ref(name)}, strpos(${sql.ref(name)}, '/') + 1) and p.scope in ('*', ${of('account')}) limit 2)`;
}
