import type { PageView } from '../../console/page/add-page.ts';
import type { Visit } from '../../console/page/visit.ts';
import type { Language } from '../../words/dictionary.ts';
import { html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import type { Booking } from '../read-bookings.ts';
import type { Room } from '../rooms.ts';
import { dayElement, fullName, money, nightsText } from './texts.ts';
import { deskWords } from './words.ts';

const LONG: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };

/** What the guest takes home, on one sheet, in the guest's language. */
export function confirmationView(
  booking: Booking,
  room: Room,
  language: Language,
  { currency }: HotelDesk,
  visit: Visit,
): PageView {
  const words = deskWords(language);
  const desk = deskWords(visit.language);
  const other = language === 'en' ? 'ru' : 'en';
  const { id, card_last4: last4 } = booking;
  const kitchen = room.has_kitchen ? words.withKitchen : words.withoutKitchen;
  const body = html`<link rel="stylesheet" href="/assets/print.css" media="print">
<p class="actions no-print"><button type="button" data-print hidden>${desk.print}</button> <a href="?in=${other}" hreflang="${other}">${words.otherLanguage}</a> <a href="/hotel/bookings/${id}">${desk.back}</a></p>
<p class="quiet-text no-print">${desk.printHint}</p>
<article class="confirmation" lang="${language}">
<h2>${words.confirmationTitle(id)}</h2>
<dl class="facts">
<dt>${words.whoComes}</dt><dd>${booking.guests.map((guest) => html`<div>${fullName(guest)}</div>`)}</dd>
<dt>${words.checkIn}</dt><dd>${dayElement(booking.check_in, language, LONG)}</dd>
<dt>${words.checkOut}</dt><dd>${dayElement(booking.check_out, language, LONG)}</dd>
<dt>${words.room}</dt><dd>${room.id}, ${words[room.class]}, ${words.sqm(String(room.area))}, ${kitchen}</dd>
<dt>${words.pricePerNight}</dt><dd>${money(booking.price_per_night, language, currency)} × ${nightsText(booking.nights, language)}</dd>
<dt>${words.total}</dt><dd><strong>${money(booking.total, language, currency)}</strong></dd>
<dt>${words.payment}</dt><dd>${last4 ? words.confirmationCard(last4) : words.cash}</dd>
<dt>${words.confirmationMade}</dt><dd>${dayElement(booking.booked_on, language)}</dd>
</dl>
<p>${words.confirmationThanks}</p>
</article>`;
  return { title: desk.bookingTitle(id), body };
}
