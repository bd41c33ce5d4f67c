import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import type { Booking } from '../read-bookings.ts';
import { scrollTable, th } from './list-parts.ts';
import { dayElement, fullName, money, nightsText } from './texts.ts';
import { deskWords } from './words.ts';

export function bookingTable(
  bookings: readonly Booking[],
  caption: string,
  { currency }: Pick<HotelDesk, 'currency'>,
  { language }: Visit,
): Html {
  const words = deskWords(language);
  const head = [
    th(words.booking),
    th(words.whoComes),
    th(words.room),
    th(words.checkIn),
    th(words.checkOut),
    th(words.nights),
    th(words.total, 'number'),
  ];
  const rows = bookings.map((booking) => {
    const [first, ...others] = booking.guests;
    const who = first ? `${fullName(first)}${others.length > 0 ? ` +${others.length}` : ''}` : words.withoutGuest;
    return html`<tr><th scope="row"><a href="/hotel/bookings/${booking.id}">${booking.id}</a></th>
<td>${who}</td><td><a href="/hotel/rooms/${booking.room_id}">${booking.room_id}</a></td>
<td>${dayElement(booking.check_in, language)}</td><td>${dayElement(booking.check_out, language)}</td>
<td>${nightsText(booking.nights, language)}</td><td class="number">${money(booking.total, language, currency)}</td></tr>`;
  });
  return scrollTable('bookings', caption, head, rows);
}
