import { sql } from 'kysely';
import { writeAudit } from '../db/audit.ts';
import type { Db } from '../db/connection.ts';
import { cardHeader, decryptWith, encryptCard } from './card.ts';
import { HotelRule } from './hotel-rule.ts';

const MOST_AT_ONCE = 200;

export interface KeyChange {
  /** Card numbers that the newest key encrypts now and another one did before. */
  changed: number;
  /** Card numbers that none of the keys can read, by the ids of their bookings. */
  unknown: number[];
}

interface StoredCard {
  id: number;
  stored: Buffer;
}

/**
 * Encrypts with the first key what another of them has encrypted; what the first has is not touched. A number that changes
 * meanwhile keeps its new value, and a repetition does the rest: each booking is a statement of its own.
 */
export async function changeCardKey(
  db: Db,
  keys: readonly [Uint8Array, ...Uint8Array[]],
  actor: string,
): Promise<KeyChange> {
  const [newest] = keys;
  const result: KeyChange = { changed: 0, unknown: [] };
  for await (const { id, stored } of cardsOfOtherKeys(db, newest)) {
    const digits = readable(keys, stored);
    if (digits === undefined) {
      result.unknown.push(id);
      continue;
    }
    const { numAffectedRows } = await sql`update hotel.bookings set card_encrypted = ${encryptCard(newest, digits)}
      where id = ${id} and card_encrypted = ${stored}`.execute(db);
    result.changed += Number(numAffectedRows ?? 0);
  }
  if (result.changed > 0) {
    const details = { changed: result.changed, unknown: result.unknown.length };
    await writeAudit(db, { actor, action: 'change card key', target: 'hotel/house/bookings', details });
  }
  return result;
}

/** Undefined also for what was changed since: it must not keep the others from their new key. */
function readable(keys: readonly Uint8Array[], stored: Buffer): string | undefined {
  try {
    return decryptWith(keys, stored);
  } catch (error) {
    if (error instanceof HotelRule) return undefined;
    throw error;
  }
}

/** Ids of the bookings whose card number the newest key cannot read. */
export async function bookingsOfOtherKeys(db: Db, newest: Uint8Array): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of cardsOfOtherKeys(db, newest)) ids.push(id);
  return ids;
}

async function* cardsOfOtherKeys(db: Db, newest: Uint8Array): AsyncGenerator<StoredCard> {
  const header = cardHeader(newest);
  for (let after: number | undefined; ; ) {
    const { rows } = await sql<StoredCard>`
      select id, card_encrypted as stored from hotel.bookings
      where card_encrypted is not null and substring(card_encrypted from 1 for ${header.length}::int) <> ${header}
        and (${after ?? null}::int is null or id > ${after ?? null}::int)
      order by id limit ${MOST_AT_ONCE}`.execute(db);
    yield* rows;
    after = rows.at(-1)?.id;
    if (rows.length < MOST_AT_ONCE) return;
  }
}
