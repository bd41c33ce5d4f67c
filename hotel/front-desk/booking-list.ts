import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Visit } from '../../console/page/visit.ts';
import { html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import type { ListPage } from '../paging.ts';
import { type Booking, listBookings } from '../read-bookings.ts';
import { addDeskPage, blankDay, blankNumber, done } from './add-desk-page.ts';
import { bookingTable } from './booking-table.ts';
import { doneNotice } from './desk-nav.ts';
import { pager } from './list-parts.ts';
import { deskWords } from './words.ts';

const query = z.object({
  from: blankDay,
  to: blankDay,
  room: blankNumber,
  guest: blankNumber,
  after: z.string().max(500).optional(),
  done,
});
type Query = z.output<typeof query>;

export function addBookingList(app: FastifyInstance, desk: HotelDesk): void {
  addDeskPage(app, {
    path: '/hotel/bookings',
    query,
    view: async ({ query: asked }, visit) => listView(await listBookings(desk.db, asked), asked, desk, visit),
  });
}

function listView(page: ListPage<Booking>, asked: Query, desk: HotelDesk, visit: Visit) {
  const words = deskWords(visit.language);
  const { from, to, room, guest, after } = asked;
  const body = html`${doneNotice(asked.done, visit)}
<form class="filters" method="get"><label>${words.from}<input type="date" name="from" value="${from ?? ''}"></label>
<label>${words.to}<input type="date" name="to" value="${to ?? ''}"></label>
<label>${words.room}<input name="room" inputmode="numeric" value="${room ?? ''}"></label>
${guest !== undefined && html`<input type="hidden" name="guest" value="${guest}">`}
<button>${words.show}</button>${visit.mayChange && html` <a role="button" class="secondary" href="/hotel/book">${words.newBooking}</a>`}</form>
${page.items.length === 0 ? html`<p class="empty">${words.noBookings}</p>` : bookingTable(page.items, words.bookings, desk, visit)}
${pager('/hotel/bookings', page, { from, to, room, guest, after }, visit)}`;
  return { title: words.bookings, body };
}
