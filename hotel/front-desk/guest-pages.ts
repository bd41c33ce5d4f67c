import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Visit } from '../../console/page/visit.ts';
import { html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import { deleteGuest, type Guest, listGuests, readGuest } from '../guests.ts';
import type { ListPage } from '../paging.ts';
import { listBookings } from '../read-bookings.ts';
import { whatGoesAlong } from '../what-goes-along.ts';
import { addDeskPage, blankText, done, withId } from './add-desk-page.ts';
import { bookingTable } from './booking-table.ts';
import { addDeletePage } from './delete-page.ts';
import { doneNotice } from './desk-nav.ts';
import { addGuestForms } from './guest-forms.ts';
import { pager, scrollTable, th } from './list-parts.ts';
import { fullName } from './texts.ts';
import { deskWords } from './words.ts';

const listQuery = z.object({ q: blankText, after: z.string().max(500).optional(), done });
type ListQuery = z.output<typeof listQuery>;

export function addGuestPages(app: FastifyInstance, desk: HotelDesk): void {
  const { db } = desk;
  addDeskPage(app, {
    path: '/hotel/guests',
    query: listQuery,
    view: async ({ query }, visit) =>
      listView(await listGuests(db, { search: query.q, after: query.after }), query, visit),
  });
  addGuestForms(app, db);
  addDeskPage(app, {
    path: '/hotel/guests/:id',
    params: withId,
    query: z.object({ done }),
    view: async ({ params: { id }, query }, visit) => {
      const guest = await readGuest(db, id);
      const stays = await listBookings(db, { guest: id, limit: 50 });
      const words = deskWords(visit.language);
      const body = html`${doneNotice(query.done, visit)}
<dl class="facts"><dt>${words.passport}</dt><dd>${guest.passport_series} ${guest.passport_number}</dd>
<dt>${words.phone}</dt><dd>${guest.phone ?? '—'}</dd></dl>
${
  visit.mayChange &&
  html`<p class="actions"><a role="button" href="/hotel/book?guest=${id}">${words.bookGuest}</a> <a href="/hotel/guests/${id}/edit">${words.change}</a> <a href="/hotel/guests/${id}/delete">${words.delete}</a></p>`
}
<h2>${words.staysOfGuest}</h2>
${stays.items.length === 0 ? html`<p class="empty">${words.noBookings}</p>` : bookingTable(stays.items, words.staysOfGuest, desk, visit)}
${stays.next && html`<p><a href="/hotel/bookings?guest=${id}&after=${stays.next}">${words.next}</a></p>`}`;
      return { title: fullName(guest), body };
    },
  });
  addDeletePage(app, {
    path: '/hotel/guests',
    read: (id) => readGuest(db, id),
    along: (id) => whatGoesAlong(db, { guest: id }),
    remove: (id, condition) => deleteGuest(db, id, condition),
    question: (guest, words) => words.deleteGuest(fullName(guest)),
  });
}

function listView(page: ListPage<Guest>, query: ListQuery, visit: Visit) {
  const words = deskWords(visit.language);
  const rows = page.items.map(
    (guest) => html`<tr><th scope="row"><a href="/hotel/guests/${guest.id}">${fullName(guest)}</a></th>
<td>${guest.passport_series} ${guest.passport_number}</td><td>${guest.phone ?? '—'}</td><td class="number">${guest.id}</td></tr>`,
  );
  const head = [th(words.name), th(words.passport), th(words.phone), th(words.roomNumber, 'number')];
  const body = html`${doneNotice(query.done, visit)}
<form class="filters" method="get"><label>${words.searchGuests}<input type="search" name="q" value="${query.q ?? ''}"></label>
<button>${words.search}</button>${visit.mayChange && html` <a role="button" class="secondary" href="/hotel/guests/new">${words.newGuest}</a>`}</form>
${rows.length === 0 ? html`<p class="empty">${words.noGuests}</p>` : scrollTable('guests', words.guests, head, rows)}
${pager('/hotel/guests', page, { q: query.q, after: query.after }, visit)}`;
  return { title: words.guests, body };
}
