import type { Db } from '../db/connection.ts';

/** What the pages and the API of the hotel work with. */
export interface HotelDesk {
  db: Db;
  /** Asked when the first card comes: with the embedded database a key file is made then. */
  cardKey(): Uint8Array | undefined;
  /** ISO 4217, of the prices. */
  currency: string;
}

/** The key, only for an input that needs one. */
export function keyFor(
  desk: HotelDesk,
  { card_number: card }: { card_number?: string | null | undefined },
): { cardKey?: Uint8Array | undefined } {
  return card ? { cardKey: desk.cardKey() } : {};
}
