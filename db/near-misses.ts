import { sql } from 'kysely';
import type { Db } from './connection.ts';

/** Something else that an id may have meant. */
export type NearMiss =
  | { kind: 'other entity'; external_id: string; entity: string; account: string }
  | { kind: 'other source'; external_id: string; source: string; account: string }
  | { kind: 'other account'; external_id: string; account: string }
  | { kind: 'booking number'; external_id: string; number: string; account: string };

interface Asked {
  source: string;
  entity: string;
  account?: string | undefined;
}

/**
 * For ids that nothing is known by: the same id under another entity, source or account, and bookings that show it as
 * their number. Ids of different entities overlap, and the number on a booking's page is not its id. `known`: where to look.
 */
export async function nearMisses(
  db: Db,
  { source, entity, account }: Asked,
  known: readonly { source: string; entity: string }[],
  ids: readonly string[],
): Promise<Map<string, NearMiss[]>> {
  const found = new Map<string, NearMiss[]>();
  if (ids.length === 0) return found;
  const places = known.filter((place) => place.source === source || place.entity === entity);
  const { rows } = await sql<NearMiss & { asked: string }>`
    select s.external_id as asked, s.external_id, s.source, s.entity, s.account,
      case when s.source <> ${source} then 'other source' when s.entity <> ${entity} then 'other entity'
        else 'other account' end as kind
    from json_to_recordset(${JSON.stringify(places)}::json) as k (source text, entity text)
    join source_records s on s.source = k.source and s.entity = k.entity and s.external_id = any(${ids}::text[])
    where s.source <> ${source} or s.entity <> ${entity} or s.account <> ${account ?? null}
    order by kind, s.source, s.entity limit 100`.execute(db);
  for (const { asked, ...miss } of rows) add(found, asked, miss as NearMiss);
  if (entity === 'bookings') {
    const numbers = await sql<{ asked: string; external_id: string; account: string }>`
      select number as asked, external_id, account from bookings
      where source = ${source} and number = any(${ids}::text[]) and (${account ?? null}::text is null or account = ${account ?? null})
      order by account limit 100`.execute(db);
    for (const { asked, ...booking } of numbers.rows)
      add(found, asked, { kind: 'booking number', number: asked, ...booking });
  }
  return found;
}

function add(found: Map<string, NearMiss[]>, id: string, miss: NearMiss): void {
  found.set(id, [...(found.get(id) ?? []), miss]);
}
