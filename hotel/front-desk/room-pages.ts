import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import type { ListPage } from '../paging.ts';
import { listBookings } from '../read-bookings.ts';
import { deleteRoom, listRooms, ROOM_CLASSES, type Room, readRoom } from '../rooms.ts';
import { whatGoesAlong } from '../what-goes-along.ts';
import { addDeskPage, blankText, done, withId } from './add-desk-page.ts';
import { bookingTable } from './booking-table.ts';
import { addDeletePage } from './delete-page.ts';
import { doneNotice } from './desk-nav.ts';
import { pager, scrollTable, th } from './list-parts.ts';
import { addRoomForms } from './room-forms.ts';
import { money } from './texts.ts';
import { type DeskWords, deskWords } from './words.ts';

const listQuery = z.object({
  q: blankText,
  class: z.enum(ROOM_CLASSES).optional().catch(undefined),
  after: z.string().max(500).optional(),
  done,
});
type ListQuery = z.output<typeof listQuery>;

export function addRoomPages(app: FastifyInstance, desk: HotelDesk): void {
  const { db } = desk;
  addDeskPage(app, {
    path: '/hotel/rooms',
    query: listQuery,
    view: async ({ query }, visit) =>
      listView(await listRooms(db, { search: query.q, class: query.class, after: query.after }), query, desk, visit),
  });
  addRoomForms(app, db);
  addDeskPage(app, {
    path: '/hotel/rooms/:id',
    params: withId,
    query: z.object({ done }),
    view: async ({ params: { id }, query }, visit) => {
      const room = await readRoom(db, id);
      const stays = await listBookings(db, { room: id, limit: 50 });
      const words = deskWords(visit.language);
      const body = html`${doneNotice(query.done, visit)}
${roomFacts(room, desk, visit)}
${
  visit.mayChange &&
  html`<p class="actions"><a role="button" href="/hotel/book?room=${id}">${words.bookRoom}</a> <a href="/hotel/rooms/${id}/edit">${words.change}</a> <a href="/hotel/rooms/${id}/delete">${words.delete}</a></p>`
}
<h2>${words.staysOfRoom}</h2>
${stays.items.length === 0 ? html`<p class="empty">${words.noBookings}</p>` : bookingTable(stays.items, words.staysOfRoom, desk, visit)}
${stays.next && html`<p><a href="/hotel/bookings?room=${id}&after=${stays.next}">${words.next}</a></p>`}`;
      return { title: words.roomTitle(id), body };
    },
  });
  addDeletePage(app, {
    path: '/hotel/rooms',
    read: (id) => readRoom(db, id),
    along: (id) => whatGoesAlong(db, { room: id }),
    remove: (id, condition) => deleteRoom(db, id, condition),
    question: ({ id }, words) => words.deleteRoom(id),
  });
}

function roomFacts(room: Room, { currency }: HotelDesk, { language }: Visit): Html {
  const words = deskWords(language);
  return html`<dl class="facts"><dt>${words.class}</dt><dd>${words[room.class]}</dd>
<dt>${words.pricePerNight}</dt><dd>${money(room.price_per_night, language, currency)}</dd>
<dt>${words.area}</dt><dd>${room.area}</dd><dt>${words.roomsCount}</dt><dd>${room.rooms_count}</dd>
<dt>${words.kitchen}</dt><dd>${yesNo(room.has_kitchen, words)}</dd></dl>`;
}

const yesNo = (truth: boolean, words: DeskWords) => (truth ? words.yes : words.no);

function listView(page: ListPage<Room>, query: ListQuery, { currency }: HotelDesk, visit: Visit) {
  const { language, mayChange } = visit;
  const words = deskWords(language);
  const rows = page.items.map(
    (
      room,
    ) => html`<tr><th scope="row"><a href="/hotel/rooms/${room.id}">${room.id}</a></th><td>${words[room.class]}</td>
<td class="number">${money(room.price_per_night, language, currency)}</td><td class="number">${room.area}</td>
<td class="number">${room.rooms_count}</td><td>${yesNo(room.has_kitchen, words)}</td></tr>`,
  );
  const numbers = [words.pricePerNight, words.area, words.roomsCount].map((word) => th(word, 'number'));
  const head = [th(words.roomNumber), th(words.class), ...numbers, th(words.kitchen)];
  const classes = ROOM_CLASSES.map(
    (of) => html`<option value="${of}"${of === query.class && html` selected`}>${words[of]}</option>`,
  );
  const body = html`${doneNotice(query.done, visit)}
<form class="filters" method="get"><label>${words.searchRooms}<input type="search" name="q" value="${query.q ?? ''}" inputmode="numeric"></label>
<label>${words.class}<select name="class"><option value="">${words.anyClass}</option>${classes}</select></label>
<button>${words.search}</button>${mayChange && html` <a role="button" class="secondary" href="/hotel/rooms/new">${words.newRoom}</a>`}</form>
${rows.length === 0 ? html`<p class="empty">${words.noRooms}</p>` : scrollTable('rooms', words.rooms, head, rows)}
${pager('/hotel/rooms', page, { q: query.q, class: query.class, after: query.after }, visit)}`;
  return { title: words.rooms, body };
}
