import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { transaction } from '../db/transaction.ts';
import { writeDeletion } from './audit-deletion.ts';
import { containing, type ListPage, pageOf, parseCursor } from './paging.ts';
import { deleteRow, insertRow, notFound, ruled, updateRow } from './rows.ts';
import type { GuestChanges, GuestInput } from './shapes.ts';
import { type GoesAlong, whatGoesAlong } from './what-goes-along.ts';

export interface Guest {
  id: number;
  last_name: string;
  first_name: string;
  middle_name: string | null;
  passport_series: string;
  passport_number: string;
  phone: string | null;
  created_at: Date;
  updated_at: Date;
  /** Of the row; another one after every change. */
  version: number;
}

export interface GuestQuery {
  /** Part of a name, of the phone, or of the passport's series and number. */
  search?: string | undefined;
  limit?: number | undefined;
  after?: string | undefined;
}

const columns = sql`id, last_name, first_name, middle_name, passport_series, passport_number, phone, created_at, updated_at, version`;
const sortKey = z.tuple([z.string(), z.string(), z.int()]);

/** Guests by name. */
export async function listGuests(db: Db, { search, limit = 50, after }: GuestQuery): Promise<ListPage<Guest>> {
  const from = parseCursor(after, sortKey);
  const words = (search ?? '').split(/\s+/).filter(Boolean);
  // Every word has to be found somewhere.
  const found = words.map(
    (word) => sql`concat_ws(' ', last_name, first_name, middle_name, phone, passport_series || passport_number,
    passport_series, passport_number) ilike ${containing(word)}`,
  );
  const goesOn = from ? [sql`(last_name, first_name, id) > (${from[0]}, ${from[1]}, ${from[2]})`] : [];
  const { rows } = await sql<Guest>`
    select ${columns} from hotel.guests where ${sql.join([sql`true`, ...found, ...goesOn], sql` and `)}
    order by last_name, first_name, id limit ${limit + 1}`.execute(db);
  return pageOf(rows, limit, (guest) => [guest.last_name, guest.first_name, guest.id]);
}

export async function readGuest(db: Db, id: number): Promise<Guest> {
  const { rows } = await sql<Guest>`select ${columns} from hotel.guests where id = ${id}`.execute(db);
  if (!rows[0]) throw notFound('guests', id);
  return rows[0];
}

export async function createGuest(db: Db, guest: GuestInput): Promise<Guest> {
  return readGuest(db, await ruled(() => insertRow(db, 'guests', guest)));
}

export async function updateGuest(
  db: Db,
  id: number,
  changes: GuestChanges,
  { ifVersion }: { ifVersion?: number } = {},
): Promise<Guest> {
  return readGuest(db, await ruled(() => updateRow(db, 'guests', id, changes, ifVersion)));
}

/** Answers with what went along. */
export async function deleteGuest(
  db: Db,
  id: number,
  { ifVersion, actor }: { ifVersion?: number; actor: string },
): Promise<GoesAlong> {
  return transaction(db, async (trx) => {
    const along = await whatGoesAlong(trx, { guest: id });
    await deleteRow(trx, 'guests', id, ifVersion);
    await writeDeletion(trx, actor, 'guests', id, along);
    return along;
  });
}
