import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { transaction } from '../db/transaction.ts';
import { writeDeletion } from './audit-deletion.ts';
import { containing, type ListPage, pageOf, parseCursor } from './paging.ts';
import { deleteRow, insertRow, notFound, ruled, updateRow } from './rows.ts';
import type { RoomChanges, RoomInput } from './shapes.ts';
import { type GoesAlong, whatGoesAlong } from './what-goes-along.ts';

export const ROOM_CLASSES = ['standard', 'comfort', 'luxury'] as const;

export interface Room {
  id: number;
  /** Square metres. */
  area: number;
  /** Decimal text with two places. */
  price_per_night: string;
  class: (typeof ROOM_CLASSES)[number];
  has_kitchen: boolean;
  rooms_count: number;
  created_at: Date;
  updated_at: Date;
  version: number;
}

export interface RoomQuery {
  /** Part of the number. */
  search?: string | undefined;
  class?: string | undefined;
  limit?: number | undefined;
  after?: string | undefined;
}

export const roomColumns = sql`id, area, price_per_night, class, has_kitchen, rooms_count, created_at, updated_at, version`;

/** Rooms by their number. */
export async function listRooms(db: Db, { search, class: of, limit = 50, after }: RoomQuery): Promise<ListPage<Room>> {
  const from = parseCursor(after, z.tuple([z.int()]));
  const { rows } = await sql<Room>`
    select ${roomColumns} from hotel.rooms
    where (${search ?? null}::text is null or id::text like ${containing(search ?? '')})
      and (${of ?? null}::text is null or class = ${of ?? null})
      and (${from?.[0] ?? null}::integer is null or id > ${from?.[0] ?? null})
    order by id limit ${limit + 1}`.execute(db);
  return pageOf(rows, limit, (room) => [room.id]);
}

export async function readRoom(db: Db, id: number): Promise<Room> {
  const { rows } = await sql<Room>`select ${roomColumns} from hotel.rooms where id = ${id}`.execute(db);
  if (!rows[0]) throw notFound('rooms', id);
  return rows[0];
}

export async function createRoom(db: Db, room: RoomInput): Promise<Room> {
  return readRoom(db, await ruled(() => insertRow(db, 'rooms', room)));
}

/** Another price is for new bookings only; another number takes the room's bookings along. */
export async function updateRoom(
  db: Db,
  id: number,
  changes: RoomChanges,
  { ifVersion }: { ifVersion?: number } = {},
): Promise<Room> {
  return readRoom(db, await ruled(() => updateRow(db, 'rooms', id, changes, ifVersion)));
}

/** Answers with the bookings that went along. */
export async function deleteRoom(
  db: Db,
  id: number,
  { ifVersion, actor }: { ifVersion?: number; actor: string },
): Promise<GoesAlong> {
  return transaction(db, async (trx) => {
    const along = await whatGoesAlong(trx, { room: id });
    await deleteRow(trx, 'rooms', id, ifVersion);
    await writeDeletion(trx, actor, 'rooms', id, along);
    return along;
  });
}
