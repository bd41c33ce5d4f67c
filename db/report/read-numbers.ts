import { sql } from 'kysely';
import type { EntityDefinition } from '../../sources/define-source.ts';
import type { Db } from '../connection.ts';
import { recordId, scopeOf } from '../record-key.ts';
import type { AccountDay } from './account-day.ts';

/** The numbers that bookings show on their pages, by the key of the problem. */
export async function readNumbers(
  db: Db,
  { source, account }: Pick<AccountDay, 'source' | 'account'>,
  entities: readonly EntityDefinition[],
  problems: readonly { key: string; entity: string; external_id: string | null }[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { key, entity: name, external_id: externalId } of problems) {
    const entity = entities.find((each) => each.name === name);
    if (entity?.table !== 'bookings' || externalId === null) continue;
    ids.set(key, recordId({ source, scope: scopeOf(entity, account), entity: name, externalId }));
  }
  if (ids.size === 0) return new Map();
  const { rows } = await sql<{ id: string; number: string }>`
    select id, number from bookings where id = any(${[...new Set(ids.values())]}::uuid[]) and number is not null`.execute(
    db,
  );
  const numbers = new Map(rows.map(({ id, number }) => [id, number]));
  return new Map(
    [...ids].flatMap(([key, id]) => {
      const number = numbers.get(id);
      return number === undefined ? [] : [[key, number] as const];
    }),
  );
}
