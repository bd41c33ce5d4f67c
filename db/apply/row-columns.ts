import { type RawBuilder, sql } from 'kysely';
import { storableText } from '../json.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';

export type TableRow = { id: string } & Record<string, unknown>;

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
  const selected: RawBuilder<unknown>[] = [];
  const arrays: RawBuilder<unknown>[] = [];
  const names: ReturnType<typeof sql.ref>[] = [];
  for (const column of columns) {
    const type = types.get(column);
    if (type === undefined) throw new Error(`The table has no column "${column}".`);
    const values = rows.map((row) => columnText(row[column]));
    const varies = column === 'id' || values.some((value) => value !== values[0]);
    const from = varies ? sql.ref(`v.${column}`) : sql`${values[0]}::text`;
    selected.push(sql`${type === 'text' ? from : sql`${from}::${sql.raw(type)}`} as ${sql.ref(column)}`);
    if (!varies) continue;
    arrays.push(sql`${textArray(values)}::text[]`);
    names.push(sql.ref(column));
  }
  return sql`(select ${sql.join(selected)} from unnest(${sql.join(arrays)}) as v (${sql.join(names)})) r`;
}

/** As PostgreSQL reads it. Mapped values are plain: texts, numbers, yes or no, nothing. */
function columnText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return storableText(String(value));
}
