import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import { type FreeRoom, findFreeRooms } from '../find-free-rooms.ts';
import { HotelRule } from '../hotel-rule.ts';
import { readToday } from '../read-board.ts';
import { ROOM_CLASSES } from '../rooms.ts';
import { addDeskPage, blankDay, blankText } from './add-desk-page.ts';
import { field, problemSummary, select } from './fields.ts';
import { type Form, type FormProblem, typedOf } from './form.ts';
import { scrollTable, th } from './list-parts.ts';
import { addDays, money, nightsText } from './texts.ts';
import { deskWords } from './words.ts';

const query = z.object({
  check_in: blankDay,
  check_out: blankDay,
  class: z.enum(ROOM_CLASSES).optional().catch(undefined),
  kitchen: z.enum(['yes', 'no']).optional().catch(undefined),
  max_price: blankText,
  guest: blankText,
});
type Query = z.output<typeof query>;

interface Found {
  rooms: FreeRoom[];
  problems: FormProblem[];
}

/** `/hotel/free`: rooms that are free for dates and wishes, with what the stay costs. */
export function addFreeRooms(app: FastifyInstance, desk: HotelDesk): void {
  addDeskPage(app, {
    path: '/hotel/free',
    query,
    async view({ query: asked }, visit) {
      const today = await readToday(desk.db);
      const checkIn = asked.check_in ?? today;
      const checkOut = asked.check_out ?? addDays(checkIn, 1);
      const stay = { ...asked, check_in: checkIn, check_out: checkOut };
      return freeView(await find(desk, stay), stay, desk, visit);
    },
  });
}

type Asked = Query & { check_in: string; check_out: string };

async function find({ db }: HotelDesk, asked: Asked): Promise<Found> {
  const price = asked.max_price?.replace(/\s/g, '').replace(',', '.');
  if (price !== undefined && !/^\d{1,8}(\.\d{1,2})?$/.test(price)) {
    const messages = { en: 'Price: an amount, e.g. 4500.', ru: 'Цена: сумма, например 4500.' };
    return { rooms: [], problems: [{ field: 'max_price', messages }] };
  }
  try {
    const rooms = await findFreeRooms(db, {
      checkIn: asked.check_in,
      checkOut: asked.check_out,
      class: asked.class,
      kitchen: asked.kitchen && asked.kitchen === 'yes',
      maxPrice: price,
    });
    return { rooms, problems: [] };
  } catch (error) {
    if (!(error instanceof HotelRule)) throw error;
    return { rooms: [], problems: [{ field: error.field, messages: error.messages }] };
  }
}

function freeView({ rooms, problems }: Found, asked: Asked, { currency }: HotelDesk, visit: Visit) {
  const { language, mayChange } = visit;
  const words = deskWords(language);
  const form: Form = { typed: typedOf({ ...asked }), problems };
  const classes = [
    { value: '', label: words.anyClass },
    ...ROOM_CLASSES.map((of) => ({ value: of, label: words[of] })),
  ];
  const kitchens = [
    { value: '', label: words.any },
    { value: 'yes', label: words.withKitchen },
    { value: 'no', label: words.withoutKitchen },
  ];
  const rows = rooms.map((room) => {
    const stay = new URLSearchParams({
      room: String(room.id),
      check_in: asked.check_in,
      check_out: asked.check_out,
      ...(asked.guest && { guest: asked.guest }),
    });
    return html`<tr><th scope="row"><a href="/hotel/rooms/${room.id}">${room.id}</a></th><td>${words[room.class]}</td>
<td>${room.has_kitchen ? words.yes : words.no}</td><td class="number">${room.area}</td>
<td class="number">${money(room.price_per_night, language, currency)}</td>
<td class="number"><strong>${money(room.total, language, currency)}</strong></td>
${mayChange && html`<td><a href="/hotel/book?${stay.toString()}" aria-label="${words.book}: ${words.roomTitle(room.id)}">${words.book}</a></td>`}</tr>`;
  });
  const title = rooms[0] ? `${words.freeRooms}: ${nightsText(rooms[0].nights, language)}` : words.freeRooms;
  const head = [
    th(words.room),
    th(words.class),
    th(words.kitchen),
    ...[words.area, words.pricePerNight, words.total].map((word) => th(word, 'number')),
    ...(mayChange ? [html`<th scope="col"><span class="unseen">${words.actions}</span></th>`] : []),
  ];
  const none: Html | false = problems.length === 0 && html`<p class="empty">${words.noFreeRooms}</p>`;
  const body = html`${problemSummary(form, language)}
<form method="get" class="filters" novalidate>
${field(form, { name: 'check_in', label: words.checkIn, type: 'date' }, language)}
${field(form, { name: 'check_out', label: words.checkOut, type: 'date' }, language)}
${select(form, { name: 'class', label: words.class, choices: classes }, language)}
${select(form, { name: 'kitchen', label: words.kitchen, choices: kitchens }, language)}
${field(form, { name: 'max_price', label: words.maxPrice, inputmode: 'decimal' }, language)}
${asked.guest && html`<input type="hidden" name="guest" value="${asked.guest}">`}
<button>${words.find}</button></form>
${rooms.length === 0 ? none : scrollTable('free', title, head, rows)}`;
  return { title: words.freeRooms, body };
}
