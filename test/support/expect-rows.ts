import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '../../db/connection.ts';

/** A row as a table must hold it, without its own id and the time of the sync. */
export type Expected = Record<string, unknown>;
type Fields = Record<string, unknown>;

/** How rows are compared. */
export interface Shape {
  /** False when rows may be there that are not expected. Default true. */
  complete?: boolean;
  /** For faults that send values in other types: how a field is made comparable. */
  additionalInfo?: (fields: never) => unknown;
  /** Columns that hang on something the truth does not tell, such as who asked first. */
  ignore?: readonly string[];
  /** Limits the rows that are looked at, e.g. to an account. */
  where?: string;
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  quot: '"',
  '#39': "'",
  '#039': "'",
  laquo: '«',
  raquo: '»',
  mdash: '—',
};

/** Text as a person would read it: trimmed, entities decoded, nothing for the empty one. */
export function spokenText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const decoded = String(value).replace(
    /&(amp|quot|#0?39|laquo|raquo|mdash);/g,
    (_, name: string) => ENTITIES[name] ?? '',
  );
  return decoded.trim() === '' ? null : decoded.trim();
}

export const money = (value: unknown): string | null => (value === null ? null : Number(value).toFixed(2));

export function without<T extends Fields>(record: T, ...columns: string[]): T {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !columns.includes(field))) as T;
}

/** Row ids by external id. */
export async function rowIds(db: Db, table: string, where = 'true'): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; external_id: string }>`
    select id, external_id from ${sql.table(table)} where ${sql.raw(where)}`.execute(db);
  return new Map(rows.map((row) => [row.external_id, row.id]));
}

/** Every column of the table holds what is expected, no row is missing and none is too many. */
export async function expectRows(db: Db, table: string, expected: Expected[], shape: Shape = {}): Promise<void> {
  const { complete = true, ignore = [], additionalInfo, where = 'true' } = shape;
  const { rows } = await sql<Expected>`select * from ${sql.table(table)} where ${sql.raw(where)}`.execute(db);
  const actual = new Map(rows.map((row) => [String(row.external_id), comparable(row)]));
  const wanted = new Set(expected.map((row) => String(row.external_id)));
  const missing = [...wanted].filter((id) => !actual.has(id));
  const surplus = [...actual.keys()].filter((id) => !wanted.has(id));
  expect({ table, rows: actual.size, missing, surplus: complete ? surplus : [] }).toEqual({
    table,
    rows: complete ? expected.length : actual.size,
    missing: [],
    surplus: [],
  });
  const shaped = (row: Expected): Expected => ({
    ...without(row, ...ignore),
    additional_info: additionalInfo ? additionalInfo(row.additional_info as never) : row.additional_info,
  });
  for (const row of expected) {
    expect(shaped(actual.get(String(row.external_id))!), `${table} ${row.external_id}`).toEqual(shaped(row));
  }
}

/** A row as the expectation has it: its own id and the time of the sync are nobody else's business. */
function comparable({ id: _, synced_at: __, ...row }: Expected): Expected {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, value instanceof Date ? value.toISOString() : value]),
  );
}
