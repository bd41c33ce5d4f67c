import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { jsonText } from '../json.ts';
import type { SeenFields } from './observe-fields.ts';

/** A row of `source_fields`. */
export interface KnownField {
  path: string;
  types: string[];
  first_seen_at: Date;
  is_drift: boolean;
  gone_at: Date | null;
  looked_at: Date | null;
}

interface Of {
  source: string;
  entity: string;
}

/** A listing of the entity has been read to its end before: what turns up only now is new at the source. */
const readBefore = ({ source, entity }: Of) => sql`exists (select from sync_log
  where source = ${source} and entity = ${entity} and finished_at is not null and pages_failed = 0)`;

/**
 * Writes down fields that nobody has seen before, and types that a field did not have. What is known costs no write.
 * `listed`: the entity whose runs read this one.
 */
export async function noteFields(db: Db, { source, entity }: Of, listed: string, seen: SeenFields): Promise<void> {
  if (seen.size === 0) return;
  await sql`
    insert into source_fields as f (source, entity, path, types, is_drift)
    select ${source}, ${entity}, path, types, ${readBefore({ source, entity: listed })}
    from json_to_recordset(${rowsText(seen)}::json) as s (path text, types text[]) order by path
    on conflict (source, entity, path) do update set gone_at = null,
      types = (select array_agg(distinct t order by t) from unnest(f.types || excluded.types) as t)
    where not f.types @> excluded.types or f.gone_at is not null`.execute(db);
}

export async function readKnownFields(db: Db, { source, entity }: Of): Promise<KnownField[]> {
  const { rows } = await sql<KnownField>`
    select path, types, first_seen_at, is_drift, gone_at, looked_at from source_fields
    where source = ${source} and entity = ${entity} order by path`.execute(db);
  return rows;
}

/** Keeps a look: what it saw of each field, and that fields of the look before are gone. */
export async function keepLook(db: Db, { source, entity }: Of, records: number, seen: SeenFields): Promise<void> {
  const looks = [...seen].map(([path, field]) => ({
    path,
    types: [...field.types].sort(),
    look: { records, present: field.present, nulls: field.nulls },
  }));
  await sql`
    insert into source_fields as f (source, entity, path, types, is_drift, look, looked_at)
    select ${source}, ${entity}, path, types, false, look, clock_timestamp()
    from json_to_recordset(${jsonText(looks)}::json) as s (path text, types text[], look jsonb) order by path
    on conflict (source, entity, path) do update set gone_at = null, look = excluded.look, looked_at = excluded.looked_at,
      types = (select array_agg(distinct t order by t) from unnest(f.types || excluded.types) as t)`.execute(db);
  await sql`
    update source_fields set gone_at = coalesce(gone_at, clock_timestamp())
    where source = ${source} and entity = ${entity} and looked_at is not null
      and not path = any(${[...seen.keys()]}::text[])`.execute(db);
}

/** Fields that turned up in a sync and that nobody has looked at since. */
export async function readDrift(
  db: Db,
  sources: readonly string[],
): Promise<{ source: string; entity: string; path: string; types: string[]; first_seen_at: Date }[]> {
  const { rows } = await sql<{ source: string; entity: string; path: string; types: string[]; first_seen_at: Date }>`
    select source, entity, path, types, first_seen_at from source_fields
    where is_drift and looked_at is null and source = any(${sources}::text[]) order by source, entity, path`.execute(
    db,
  );
  return rows;
}

function rowsText(seen: SeenFields): string {
  return jsonText([...seen].map(([path, { types }]) => ({ path, types: [...types].sort() })));
}
