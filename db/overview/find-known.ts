import { sql } from 'kysely';
import type { Db } from '../connection.ts';

/** A record that somebody may have meant. */
export interface KnownRecord {
  source: string;
  entity: string;
  external_id: string;
  account: string;
  /** Of its landing; null when there is only a row. */
  state: string | null;
  /** What staff knows a booking by. */
  number: string | null;
  /** What it was found by. */
  by: 'id' | 'number';
}

const MOST_FOUND = 100;

/**
 * Records with this external id, and bookings with this number. `places`: every source and entity there is, `numbered` those
 * whose rows are bookings. Ids of different entities overlap, so there may be several.
 */
export async function findKnown(
  db: Db,
  text: string,
  places: readonly { source: string; entity: string; numbered: boolean }[],
): Promise<KnownRecord[]> {
  const { rows } = await sql<KnownRecord>`
    with places as materialized (
      select * from json_to_recordset(${JSON.stringify(places)}::json) as p (source text, entity text, numbered boolean)
    ), found as (
      select p.source, p.entity, s.external_id, s.account, s.scope, s.state, p.numbered, 'id' as by
      from places p join source_records s on s.source = p.source and s.entity = p.entity and s.external_id = ${text}
      union all
      select p.source, p.entity, b.external_id, b.account, r.scope, s.state, true, 'number'
      from bookings b join places p on p.source = b.source and p.numbered
      join external_refs r on r.source = p.source and r.entity = p.entity and r.external_id = b.external_id
        and r.entity_id = b.id
      left join source_records s on s.source = r.source and s.entity = r.entity and s.external_id = r.external_id
        and s.scope = r.scope
      where b.number = ${text} and b.external_id <> ${text}
    )
    select f.source, f.entity, f.external_id, f.account, f.state, f.by, b.number from found f
    left join external_refs r on f.numbered and r.source = f.source and r.entity = f.entity and r.external_id = f.external_id
      and r.scope = f.scope
    left join bookings b on b.id = r.entity_id
    order by f.by, f.source, f.entity, f.account limit ${MOST_FOUND}`.execute(db);
  return rows;
}
