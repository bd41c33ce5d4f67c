import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import type { Board, BoardStay } from '../read-board.ts';
import { dayElement, nightsBetween, nightsText } from './texts.ts';
import { deskWords } from './words.ts';

/** Arrivals, departures and who is in the house, of today whatever days the board shows. */
export function todayView({ today, arrivals, departures, in_house: inHouse }: Board, visit: Visit): Html {
  const words = deskWords(visit.language);
  const date = dayElement(today, visit.language, { weekday: 'long', day: 'numeric', month: 'long' });
  return html`<p class="today-date">${words.today}: ${date}</p>
<div class="cards">${card('arrivals', words.arrivals, arrivals, words.nobodyArrives, visit)}
${card('departures', words.departures, departures, words.nobodyDeparts, visit)}
${card('in-house', words.inHouse, inHouse, words.nobodyStays, visit)}</div>`;
}

function card(id: string, title: string, stays: readonly BoardStay[], none: string, visit: Visit): Html {
  const { language } = visit;
  const words = deskWords(language);
  const items = stays.map(
    ({ booking_id: booking, room_id: room, guest, guests, check_in: from, check_out: to }) =>
      html`<li><a href="/hotel/bookings/${booking}">${guest ?? words.bookingTitle(booking)}${guests > 1 && ` +${guests - 1}`}</a>
<span class="quiet-text">${words.roomTitle(room)} · ${nightsText(nightsBetween(from, to), language)} · ${dayElement(from, language, SHORT)} – ${dayElement(to, language, SHORT)}</span></li>`,
  );
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title} <span class="light grey">${stays.length}</span></h2>
${items.length === 0 ? html`<p class="quiet-text">${none}</p>` : html`<ul>${items}</ul>`}</section>`;
}

const SHORT: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
