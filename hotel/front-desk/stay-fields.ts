import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import { findFreeRooms } from '../find-free-rooms.ts';
import { listRooms, type Room } from '../rooms.ts';
import { field, select } from './fields.ts';
import { type Form, textOf } from './form.ts';
import { askPrice, conflictView, pricePart } from './price-part.ts';
import { isDay, money } from './texts.ts';
import { deskWords } from './words.ts';

/** The house is small: a select holds its rooms. */
const MOST_ROOMS = 200;

/** Dates, room, and what they cost. `booking`: the one that is to change. */
export async function stayFields(desk: HotelDesk, form: Form, visit: Visit, booking?: number): Promise<Html> {
  const { language } = visit;
  const words = deskWords(language);
  const stay = {
    check_in: textOf(form.typed, 'check_in'),
    check_out: textOf(form.typed, 'check_out'),
    room_id: textOf(form.typed, 'room_id'),
  };
  const { items } = await listRooms(desk.db, { limit: MOST_ROOMS });
  const free = await freeIds(desk, stay);
  const known = items.some(({ id }) => String(id) === stay.room_id);
  const choices = [
    { value: '', label: words.chooseRoom },
    ...(stay.room_id !== '' && !known ? [{ value: stay.room_id, label: stay.room_id }] : []),
    ...items.map((room) => {
      const takenByOther =
        free !== undefined && !free.has(room.id) && (booking === undefined || String(room.id) !== stay.room_id);
      return { value: String(room.id), label: label(room, takenByOther) };
    }),
  ];
  const conflict = form.problems.find((problem) => problem.conflict)?.conflict;
  return html`<div class="columns">
${field(form, { name: 'check_in', label: words.checkIn, type: 'date', required: true }, language)}
${field(form, { name: 'check_out', label: words.checkOut, type: 'date', required: true }, language)}
${select(form, { name: 'room_id', label: words.room, choices }, language)}</div>
<div class="price-row">${await pricePart(desk, { ...stay, booking }, visit)}
<button class="secondary" name="step" value="look" data-no-script>${words.showPrice}</button></div>
${conflict && (await isShown(desk, stay, booking)) === false && conflictView(conflict, stay, visit)}`;

  function label({ id, class: of, price_per_night: price }: Room, isTaken: boolean): string {
    const parts = [id, isTaken && words.taken, words[of], money(price, language, desk.currency)];
    return parts.filter(Boolean).join(' · ');
  }
}

/** The price says the conflict already, unless it has gone meanwhile. */
async function isShown({ db }: HotelDesk, stay: Parameters<typeof askPrice>[1], booking?: number): Promise<boolean> {
  const price = await askPrice(db, { ...stay, booking });
  return price !== undefined && 'conflict' in price && Boolean(price.conflict);
}

async function freeIds({ db }: HotelDesk, stay: { check_in: string; check_out: string }) {
  if (!isDay(stay.check_in) || !isDay(stay.check_out) || stay.check_out <= stay.check_in) return undefined;
  const rooms = await findFreeRooms(db, { checkIn: stay.check_in, checkOut: stay.check_out });
  return new Set(rooms.map(({ id }) => id));
}
