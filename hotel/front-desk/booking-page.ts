import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import { type Booking, readBooking } from '../read-bookings.ts';
import { readRoom } from '../rooms.ts';
import { addDeskPage, done, withId } from './add-desk-page.ts';
import { confirmationView } from './confirmation.ts';
import { doneNotice } from './desk-nav.ts';
import { dayElement, fullName, money, nightsText } from './texts.ts';
import { deskWords } from './words.ts';

export function addBookingPage(app: FastifyInstance, desk: HotelDesk): void {
  const { db } = desk;
  addDeskPage(app, {
    path: '/hotel/bookings/:id',
    params: withId,
    query: z.object({ done }),
    view: async ({ params: { id }, query }, visit) => {
      const body = html`${doneNotice(query.done, visit)}${bookingView(await readBooking(db, id), desk, visit)}`;
      return { title: deskWords(visit.language).bookingTitle(id), body };
    },
  });
  addDeskPage(app, {
    path: '/hotel/bookings/:id/confirmation',
    params: withId,
    // The guest's language need not be that of the desk.
    query: z.object({ in: z.enum(['en', 'ru']).optional().catch(undefined) }),
    view: async ({ params: { id }, query }, visit) => {
      const booking = await readBooking(db, id);
      return confirmationView(booking, await readRoom(db, booking.room_id), query.in ?? visit.language, desk, visit);
    },
  });
}

function bookingView(booking: Booking, { currency }: HotelDesk, { language, mayChange }: Visit): Html {
  const words = deskWords(language);
  const { id } = booking;
  const guests = booking.guests.map(
    (guest) =>
      html`<li><a href="/hotel/guests/${guest.id}">${fullName(guest)}</a>${guest.phone && html` · ${guest.phone}`}</li>`,
  );
  return html`<dl class="facts">
<dt>${words.room}</dt><dd><a href="/hotel/rooms/${booking.room_id}">${booking.room_id}</a></dd>
<dt>${words.checkIn}</dt><dd>${dayElement(booking.check_in, language)}</dd>
<dt>${words.checkOut}</dt><dd>${dayElement(booking.check_out, language)}</dd>
<dt>${words.pricePerNight}</dt><dd>${money(booking.price_per_night, language, currency)} × ${nightsText(booking.nights, language)}</dd>
<dt>${words.total}</dt><dd><strong>${money(booking.total, language, currency)}</strong></dd>
<dt>${words.bookedOn}</dt><dd>${dayElement(booking.booked_on, language)}</dd>
<dt>${words.card}</dt><dd>${booking.card_last4 ? `•••• ${booking.card_last4}` : words.cash}</dd>
</dl>
<h2>${words.whoComes}</h2>
${guests.length === 0 ? html`<p class="quiet-text">${words.withoutGuest}</p>` : html`<ol>${guests}</ol>`}
<p class="actions"><a role="button" href="/hotel/bookings/${id}/confirmation">${words.confirmation}</a>
${mayChange && html`<a role="button" class="secondary" href="/hotel/bookings/${id}/edit">${words.change}</a> <a href="/hotel/bookings/${id}/delete">${words.cancelBooking}</a>`}</p>`;
}
