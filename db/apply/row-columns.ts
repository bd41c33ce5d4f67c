import { type RawBuilder, sql } from 'kysely';
import { storableText } from '../json.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';

export type TableRow = { id: string; external_id: string } & Record<string, unknown>;

const typesOfTable = new Map<string, ReadonlyMap<string, string>>();

/** Column → type as SQL writes it, `numeric(12,2)`. Read once a process: it runs on one version of the schema only. */
export async function columnTypes(trx: Trx, table: string): Promise<ReadonlyMap<string, string>> {
  const known = typesOfTable.get(table);
  if (known) return known;
  const { rows } = await sql<{ name: string; type: string }>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped`.execute(trx);
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  typesOfTable.set(table, types);
  return types;
}

/**
 * The rows as a relation with typed columns, for `from … r`. Columns go over as arrays of text, which costs PostgreSQL half
 * of what reading the same rows as JSON does; what is the same in every row goes over once.
 */
export function rowsRelation(
  rows: readonly TableRow[],
  columns: readonly string[],
  types: ReadonlyMap<string, string>,
): RawBuilder<unknown> {
  const values = columns.map((column) => rows.map((row) => columnText(row[column])));
  const varying = columns.filter((column, i) => column === 'id' || values[i]!.some((value) => value !== values[i]![0]));
  const selected = columns.map((column, i) => {
    const type = types.get(column);
    if (type === undefined) throw new Error(`The table has no column "${column}".`);
    const from = varying.includes(column) ? sql.ref(`v.${column}`) : sql`${values[i]![0]}::text`;
    return sql`${type === 'text' ? from : sql`${from}::${sql.raw(type)}`} as ${sql.ref(column)}`;
  });
  const arrays = varying.map((column) => sql`${textArray(values[columns.indexOf(column)]!)}::text[]`);
  return sql`(select ${sql.join(selected)} from unnest(${sql.join(arrays)}) as v (${sql.join(varying.map((name) => sql.ref(name)))})) r`;
}

/** As PostgreSQL reads it. Mapped values are plain: texts, numbers, yes or no, nothing. */
function columnText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return storableText(String(value));
}
