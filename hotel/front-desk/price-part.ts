import type { Visit } from '../../console/page/visit.ts';
import type { Db } from '../../db/connection.ts';
import { type Html, html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import type { StayConflict } from '../hotel-rule.ts';
import { HotelRule } from '../hotel-rule.ts';
import { type PricePreview, previewPrice } from '../preview-price.ts';
import { dayText, isDay, money, nightsText } from './texts.ts';
import { deskWords } from './words.ts';

export interface PriceAsked {
  check_in: string;
  check_out: string;
  room_id: string;
  /** The booking that is to change. */
  booking?: number | undefined;
}

/** What the stay would cost; undefined while something of it is missing, a rule when it cannot be. */
export async function askPrice(
  db: Db,
  { check_in, check_out, room_id, booking }: PriceAsked,
): Promise<PricePreview | HotelRule | undefined> {
  if (!isDay(check_in) || !isDay(check_out) || !/^\d{1,9}$/.test(room_id)) return undefined;
  try {
    return await previewPrice(db, { check_in, check_out, room_id: Number(room_id) }, booking ?? null);
  } catch (error) {
    if (error instanceof HotelRule) return error;
    throw error;
  }
}

/** The same whether it is shown with the page or put into it by the script. */
export async function pricePart({ db, currency }: HotelDesk, asked: PriceAsked, { language }: Visit): Promise<Html> {
  const words = deskWords(language);
  const price = await askPrice(db, asked);
  const shown = () => {
    if (price === undefined) return html`<p class="quiet-text">${words.priceUnknown}</p>`;
    if (price instanceof HotelRule) return html`<p class="problem">${price.messages[language]}</p>`;
    const total = money(price.total, language, currency);
    const each = money(price.price_per_night, language, currency);
    return html`<p><strong class="total">${total}</strong> = ${each} × ${nightsText(price.nights, language)}</p>
${price.problems.length > 0 && html`<p class="problem">${words.tooDear}</p>`}
${price.conflict && conflictView(price.conflict, asked, { language })}`;
  };
  return html`<div id="price" class="price" role="status" aria-label="${words.priceLabel}">${shown()}</div>`;
}

/** Which booking has the room, and the ways out. */
export function conflictView(
  { booking_id: id, check_in: from, check_out: to }: StayConflict,
  asked: Pick<PriceAsked, 'check_in' | 'check_out'>,
  { language }: Pick<Visit, 'language'>,
): Html {
  const words = deskWords(language);
  const free = new URLSearchParams({ check_in: asked.check_in, check_out: asked.check_out });
  return html`<div class="notice warn conflict"><p>${words.roomTaken(id, dayText(from, language), dayText(to, language))}</p>
<p><a href="/hotel/bookings/${id}">${words.seeBooking(id)}</a> · <a href="/hotel/free?${free.toString()}">${words.otherRooms}</a></p></div>`;
}
