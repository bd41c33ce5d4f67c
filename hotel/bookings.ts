import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { type Trx, transaction } from '../db/transaction.ts';
import { writeDeletion } from './audit-deletion.ts';
import { cardColumns } from './card.ts';
import { explainFault, isTaken } from './explain-fault.ts';
import { findConflict, type Stay } from './find-conflict.ts';
import { atPlace } from './hotel-rule.ts';
import { type Booking, readBooking } from './read-bookings.ts';
import { deleteRow, insertRow, lockRow, ruled, updateRow } from './rows.ts';
import type { BookInInput, BookingChanges, BookingInput } from './shapes.ts';

export interface Desk {
  /** Of 32 bytes; without it no card number is taken. */
  cardKey?: Uint8Array | undefined;
}

/** What runs the work that stands or falls as one: `transaction`, or one that does something of its own in it too. */
export type InTransaction = typeof transaction;

/** Makes a booking. The price is that of the room at this moment. */
export async function createBooking(db: Db, input: BookingInput, { cardKey }: Desk = {}): Promise<Booking> {
  return explained(db, input, null, () =>
    transaction(db, async (trx) => {
      const id = await insertBooking(trx, input, cardKey);
      await linkGuests(trx, id, input.guest_ids ?? []);
      return readBooking(trx, id);
    }),
  );
}

/** A booking and its guests, of whom some may be new, all at once or not at all. */
export async function bookIn(
  db: Db,
  { booking, guests }: BookInInput,
  { cardKey, inTransaction = transaction }: Desk & { inTransaction?: InTransaction } = {},
): Promise<Booking> {
  return explained(db, booking, null, () =>
    inTransaction(db, async (trx) => {
      const ids: number[] = [];
      for (const [at, guest] of guests.entries()) {
        const here = ruled(async () => ('id' in guest ? guest.id : insertRow(trx, 'guests', guest)));
        ids.push(await here.catch((error: unknown) => Promise.reject(atPlace(`guests.${at}`, error))));
      }
      const id = await insertBooking(trx, booking, cardKey);
      await linkGuests(trx, id, ids);
      return readBooking(trx, id);
    }),
  );
}

/**
 * Other dates are reckoned at the price the booking was made at, another room at that room's price now. `guest_ids` replaces
 * the guests.
 */
export async function updateBooking(
  db: Db,
  id: number,
  { guest_ids: guests, card_number: card, ...changes }: BookingChanges,
  { cardKey, ifVersion }: Desk & { ifVersion?: number } = {},
): Promise<Booking> {
  return explained(db, changes, id, () =>
    transaction(db, async (trx) => {
      await lockRow(trx, 'bookings', id, ifVersion);
      await updateRow(trx, 'bookings', id, { ...changes, ...cardColumns(card, cardKey) });
      if (guests) await replaceGuests(trx, id, guests);
      return readBooking(trx, id);
    }),
  );
}

export async function deleteBooking(
  db: Db,
  id: number,
  { ifVersion, actor }: { ifVersion?: number; actor: string },
): Promise<void> {
  await transaction(db, async (trx) => {
    await deleteRow(trx, 'bookings', id, ifVersion);
    await writeDeletion(trx, actor, 'bookings', id, { deleted: [], deleted_count: 0, kept: [], kept_count: 0 });
  });
}

function insertBooking(trx: Trx, booking: BookingInput, cardKey: Uint8Array | undefined): Promise<number> {
  const { guest_ids: _, card_number: card, ...columns } = booking;
  return insertRow(trx, 'bookings', { ...columns, ...cardColumns(card, cardKey) });
}

async function linkGuests(trx: Trx, booking: number, guests: readonly number[]): Promise<void> {
  for (const [at, guest] of guests.entries()) {
    const linked = ruled(() =>
      sql`insert into hotel.booking_guests (booking_id, guest_id) values (${booking}, ${guest})`.execute(trx),
    );
    await linked.catch((error: unknown) => Promise.reject(atPlace(`guests.${at}`, error)));
  }
}

async function replaceGuests(trx: Trx, booking: number, guests: readonly number[]): Promise<void> {
  const { rows } = await sql<{ guest_id: number }>`
    select guest_id from hotel.booking_guests where booking_id = ${booking} order by ordinal`.execute(trx);
  if (rows.map((row) => row.guest_id).join() === guests.join()) return;
  await sql`delete from hotel.booking_guests where booking_id = ${booking}`.execute(trx);
  await linkGuests(trx, booking, guests);
}

type PartOfStay = { [K in keyof Stay]?: Stay[K] | undefined };

/** What is refused because the room is taken is told with the booking that has it, once our transaction is over. */
async function explained<T>(db: Db, stay: PartOfStay, id: number | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isTaken(error)) throw explainFault(error);
    const before: PartOfStay = id === null ? {} : await readBooking(db, id);
    const room_id = stay.room_id ?? before.room_id ?? 0;
    const check_in = stay.check_in ?? before.check_in ?? '';
    const check_out = stay.check_out ?? before.check_out ?? '';
    throw explainFault(error, await findConflict(db, { room_id, check_in, check_out }, id));
  }
}
