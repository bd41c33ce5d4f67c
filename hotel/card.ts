import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { writeAudit } from '../db/audit.ts';
import type { Db } from '../db/connection.ts';
import { transaction } from '../db/transaction.ts';
import { HotelRule } from './hotel-rule.ts';
import { notFound } from './rows.ts';
import { ruleMessages } from './rule-messages.ts';

/**
 * Stored: version (1), key id (4), iv (12), tag (16), then the digits encrypted. GCM keeps their number, and the database
 * checks it: the 33 bytes before them are part of its schema.
 */
const VERSION = 1;
const HEADER_BYTES = 5;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const DIGITS_AT = HEADER_BYTES + IV_BYTES + TAG_BYTES;

export interface CardColumns {
  card_last4: string | null;
  card_encrypted: Buffer | null;
}

/**
 * The columns of a card number: none for undefined (as it was), empty ones for null (cash). Throws a `HotelRule` for what is
 * no number of 13 to 19 digits, and without a key.
 */
export function cardColumns(number: string | null | undefined, key: Uint8Array | undefined): Partial<CardColumns> {
  if (number === undefined) return {};
  if (number === null) return { card_last4: null, card_encrypted: null };
  if (!/^[0-9]{13,19}$/.test(number)) {
    const constraint = 'bookings_card_length_check';
    throw new HotelRule('RULE_BROKEN', ruleMessages[constraint]!, { constraint });
  }
  if (!key) throw noKey();
  return { card_last4: number.slice(-4), card_encrypted: encryptCard(key, number) };
}

export function encryptCard(key: Uint8Array, digits: string): Buffer {
  const header = cardHeader(key);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(header);
  const encrypted = Buffer.concat([cipher.update(digits, 'ascii'), cipher.final()]);
  return Buffer.concat([header, iv, cipher.getAuthTag(), encrypted]);
}

/** What every number begins with that this key has encrypted. */
export function cardHeader(key: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([VERSION]), keyId(key)]);
}

/** With the key that has encrypted it; undefined when it is none of them. Throws `CARD_KEY_WRONG` for what was changed since. */
export function decryptWith(keys: readonly Uint8Array[], stored: Buffer): string | undefined {
  const header = stored.subarray(0, HEADER_BYTES);
  const key = keys.find((one) => cardHeader(one).equals(header));
  return key && decryptCard(key, stored);
}

/** Throws `CARD_KEY_WRONG` for what another key, or nobody, has encrypted. Whoever calls it writes down for whom. */
export function decryptCard(key: Uint8Array, stored: Buffer): string {
  const header = stored.subarray(0, HEADER_BYTES);
  if (!cardHeader(key).equals(header)) throw wrongKey();
  const iv = stored.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(header);
    decipher.setAuthTag(stored.subarray(HEADER_BYTES + IV_BYTES, DIGITS_AT));
    return decipher.update(stored.subarray(DIGITS_AT)).toString('ascii') + decipher.final('ascii');
  } catch {
    throw wrongKey();
  }
}

/** The card number of a booking, for somebody who has to see it; null without a card. The audit log says who and when. */
export async function showCard(
  db: Db,
  id: number,
  { cardKeys = [], actor }: { cardKeys: readonly Uint8Array[] | undefined; actor: string },
): Promise<string | null> {
  return transaction(db, async (trx) => {
    const { rows } = await sql<{ card_encrypted: Buffer | null }>`
      select card_encrypted from hotel.bookings where id = ${id}`.execute(trx);
    if (!rows[0]) throw notFound('bookings', id);
    const { card_encrypted: stored } = rows[0];
    if (!stored) return null;
    if (cardKeys.length === 0) throw noKey();
    const digits = decryptWith(cardKeys, stored);
    if (digits === undefined) throw wrongKey();
    await writeAudit(trx, { actor, action: 'show card', target: `hotel/house/bookings/${id}`, details: {} });
    return digits;
  });
}

/** Tells keys apart without telling anything of them. */
function keyId(key: Uint8Array): Buffer {
  return createHash('sha256').update('pmsync card key ').update(key).digest().subarray(0, 4);
}

function noKey(): HotelRule {
  return new HotelRule('CARD_KEY_MISSING', {
    field: 'card_number',
    en: 'Card numbers cannot be kept here: PMSYNC_ENCRYPTION_KEY is not set. Leave the card out, or set the key and start again.',
    ru: 'Номера карт здесь не хранятся: не задан PMSYNC_ENCRYPTION_KEY. Оставьте карту пустой или задайте ключ и перезапустите.',
  });
}

function wrongKey(): HotelRule {
  return new HotelRule('CARD_KEY_WRONG', {
    field: 'card_number',
    en: 'This card number was encrypted with a key that is not in PMSYNC_ENCRYPTION_KEY now, or was changed since.',
    ru: 'Номер карты зашифрован ключом, которого сейчас нет в PMSYNC_ENCRYPTION_KEY, или с тех пор изменён.',
  });
}
