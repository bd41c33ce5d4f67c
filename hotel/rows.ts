import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { explainFault } from './explain-fault.ts';
import { HotelRule } from './hotel-rule.ts';

export type Table = 'guests' | 'rooms' | 'bookings';
type Values = Record<string, unknown>;

const NAMES = { guests: ['guest', 'гость'], rooms: ['room', 'комната'], bookings: ['booking', 'бронь'] } as const;

/** Runs a statement; what PostgreSQL refuses by a rule is thrown as that rule. */
export async function ruled<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainFault(error);
  }
}

/** Answers with the new row's id. Values that are undefined are left to their defaults. */
export async function insertRow(db: Db, table: Table, values: Values): Promise<number> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const columns = sql.join(given.map(([column]) => sql.ref(column)));
  const { rows } = await sql<{ id: number }>`
    insert into ${sql.table(`hotel.${table}`)} (${columns}) values (${sql.join(given.map(([, value]) => value))})
    returning id`.execute(db);
  return rows[0]!.id;
}

/** Changes what is given and answers with the row's id after it. Throws `CHANGED_MEANWHILE` when the version is another one. */
export async function updateRow(
  db: Db,
  table: Table,
  id: number,
  changes: Values,
  ifVersion?: number,
): Promise<number> {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (given.length === 0) {
    await lockRow(db, table, id, ifVersion);
    return id;
  }
  const sets = sql.join(given.map(([column, value]) => sql`${sql.ref(column)} = ${value}`));
  const { rows } = await sql<{ id: number }>`
    update ${sql.table(`hotel.${table}`)} set ${sets} where id = ${id} and ${sameVersion(ifVersion)} returning id`.execute(
    db,
  );
  return rows[0]?.id ?? refuse(db, table, id);
}

export async function deleteRow(db: Db, table: Table, id: number, ifVersion?: number): Promise<void> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(`hotel.${table}`)} where id = ${id} and ${sameVersion(ifVersion)}`.execute(db);
  if (!numAffectedRows) await refuse(db, table, id);
}

/** Keeps others from changing the row until the transaction ends. */
export async function lockRow(db: Db, table: Table, id: number, ifVersion?: number): Promise<void> {
  const { rows } = await sql`
    select from ${sql.table(`hotel.${table}`)} where id = ${id} and ${sameVersion(ifVersion)} for update`.execute(db);
  if (rows.length === 0) await refuse(db, table, id);
}

const sameVersion = (version: number | undefined) => (version === undefined ? sql`true` : sql`version = ${version}`);

/** The row is not there, or not as it was read. */
async function refuse(db: Db, table: Table, id: number): Promise<never> {
  const { rows } = await sql<{ version: number }>`
    select version from ${sql.table(`hotel.${table}`)} where id = ${id}`.execute(db);
  const current = rows[0]?.version;
  if (current === undefined) throw notFound(table, id);
  throw new HotelRule(
    'CHANGED_MEANWHILE',
    {
      field: null,
      en: 'Somebody else has changed this meanwhile. Look at it again before you save.',
      ru: 'Запись тем временем изменили. Посмотрите её снова перед сохранением.',
    },
    { current },
  );
}

export function notFound(table: Table, id: number): HotelRule {
  const [en, ru] = NAMES[table];
  return new HotelRule('NOT_FOUND', { field: 'id', en: `There is no ${en} ${id}.`, ru: `Не найдено: ${ru} ${id}.` });
}
