import { sql } from 'kysely';
import type { EntityDefinition } from '../../sources/define-source.ts';
import type { Db } from '../connection.ts';

/** A record that an operator may have meant, by its external id or by the number that people see. */
export interface TypedRecord {
  typed: string;
  by: 'id' | 'number';
  scope: string;
  external_id: string;
  account: string;
  number: string | null;
  /** Of its landing; null when there is none. */
  state: string | null;
  has_row: boolean;
}

/** Every record that these words may stand for; several for one word where they are not its own. */
export async function findTyped(
  db: Db,
  entity: Pick<EntityDefinition, 'name' | 'table'>,
  { source, account }: { source: string; account?: string | undefined },
  typed: readonly string[],
): Promise<TypedRecord[]> {
  const table = sql.table(entity.table);
  const words = sql`any(${typed}::text[])`;
  const isEntity = sql`source = ${source} and entity = ${entity.name}`;
  // Only bookings have a number that people know them by.
  const byNumber =
    entity.table === 'bookings'
      ? sql`union all select t.number, 'number', r.scope, r.external_id from bookings t
          join external_refs r on r.entity_id = t.id where t.source = ${source} and t.number = ${words} and r.entity = ${entity.name}`
      : sql``;
  const { rows } = await sql<TypedRecord>`
    with meant as (
      select external_id as typed, 'id' as by, scope, external_id from source_records
      where ${isEntity} and external_id = ${words}
      union all select external_id, 'id', scope, external_id from external_refs where ${isEntity} and external_id = ${words}
      ${byNumber}
    )
    select distinct on (m.typed, m.scope, m.external_id) m.typed, m.by, m.scope, m.external_id,
      coalesce(s.account, r.account) as account, to_jsonb(t) ->> 'number' as number, s.state, t.id is not null as has_row
    from meant m
    left join source_records s on s.source = ${source} and s.entity = ${entity.name} and s.scope = m.scope
      and s.external_id = m.external_id
    left join external_refs r on r.source = ${source} and r.entity = ${entity.name} and r.scope = m.scope
      and r.external_id = m.external_id
    left join ${table} t on t.id = r.entity_id
    where (${account ?? null}::text is null or coalesce(s.account, r.account) = ${account ?? null})
    order by m.typed, m.scope, m.external_id, m.by`.execute(db);
  return rows;
}
