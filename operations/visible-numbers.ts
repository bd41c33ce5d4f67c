import { sql } from 'kysely';
import { recordId, scopeOf } from '../db/record-key.ts';
import type { OperationsContext } from './context.ts';

/** What staff knows bookings by, in the order of the records; null for what has no number. */
export async function numbersOf(
  { db, sources }: Pick<OperationsContext, 'db' | 'sources'>,
  records: readonly { source: string; account: string; entity: string; external_id: string | null }[],
): Promise<(string | null)[]> {
  const ids = records.map(({ source, account, entity: name, external_id: externalId }) => {
    const entity = sources.get(source)?.entities.find((known) => known.name === name);
    if (entity?.table !== 'bookings' || externalId === null) return null;
    return recordId({ source, scope: scopeOf(entity, account), entity: name, externalId });
  });
  const asked = ids.filter((id) => id !== null);
  if (asked.length === 0) return ids;
  const { rows } = await sql<{ id: string; number: string | null }>`
    select id, number from bookings where id = any(${asked}::uuid[])`.execute(db);
  const numbers = new Map(rows.map(({ id, number }) => [id, number]));
  return ids.map((id) => (id === null ? null : (numbers.get(id) ?? null)));
}
