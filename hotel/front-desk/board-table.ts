import type { Visit } from '../../console/page/visit.ts';
import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import type { Board, BoardStay } from '../read-board.ts';
import { addDays, dayElement, dayText, nightsBetween, nightsText } from './texts.ts';
import { deskWords } from './words.ts';

type BoardRoom = Board['rooms'][number];

/** Rooms by nights: a stay spans the cells of its nights, a free night leads to a booking. */
export function boardTable(board: Board, visit: Visit): Html {
  const { language } = visit;
  const words = deskWords(language);
  const { days, rooms, today } = board;
  return html`<p class="quiet-text" id="board-hint">${words.boardHint}</p>
<div class="scroll board-scroll" role="region" aria-label="${words.boardLabel}" aria-describedby="board-hint" tabindex="0" id="board" data-live>
<table class="board" data-grid>
<thead><tr><th scope="col">${words.room}</th>${days.map((day, at) => dayHead(day, at === 0, today, language))}</tr></thead>
<tbody>${rooms.map((room) => html`<tr>${roomHead(room, language)}${cells(room, board, visit)}</tr>`)}</tbody>
</table></div>`;
}

function dayHead(day: string, first: boolean, today: string, language: Language): Html {
  const isToday = day === today;
  const weekday = dayElement(day, language, { weekday: 'short' });
  const month = first || day.endsWith('-01');
  const date = dayText(day, language, { day: 'numeric', ...(month && { month: 'short' }) });
  return html`<th scope="col" class="${kind(day, today)}"${isToday && html` aria-current="date"`}>${weekday}<br>${date}${isToday && html`<br><small>${deskWords(language).today}</small>`}</th>`;
}

function roomHead({ id, class: of }: BoardRoom, language: Language): Html {
  return html`<th scope="row"><a href="/hotel/rooms/${id}">${id}</a><br><small>${deskWords(language)[of]}</small></th>`;
}

function kind(day: string, today: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return [day === today && 'is-today', (weekday === 0 || weekday === 6) && 'weekend'].filter(Boolean).join(' ');
}

function cells(room: BoardRoom, { days, today }: Board, visit: Visit): Html[] {
  const end = addDays(days.at(-1) ?? today, 1);
  const out: Html[] = [];
  for (let at = 0; at < days.length; ) {
    const day = days[at]!;
    const stay = room.stays.find(({ check_in: from, check_out: to }) => from <= day && to > day);
    if (!stay) {
      out.push(freeCell(room, day, today, visit));
      at += 1;
      continue;
    }
    const until = stay.check_out < end ? stay.check_out : end;
    const span = nightsBetween(day, until);
    out.push(
      stayCell(stay, span, { cutBefore: stay.check_in < day, cutAfter: stay.check_out > end, today }, visit.language),
    );
    at += span;
  }
  return out;
}

function freeCell({ id }: BoardRoom, day: string, today: string, { language, mayChange }: Visit): Html {
  const words = deskWords(language);
  const name = dayText(day, language);
  const query = new URLSearchParams({ room: String(id), check_in: day, check_out: addDays(day, 1) });
  const inside =
    mayChange && day >= today
      ? html`<a href="/hotel/book?${query.toString()}" id="free-${id}-${day}" aria-label="${words.bookCell(String(id), name)}"><span aria-hidden="true">+</span></a>`
      : html`<span class="unseen">${words.freeCell(String(id), name)}</span>`;
  return html`<td class="free ${kind(day, today)}">${inside}</td>`;
}

interface Shown {
  cutBefore: boolean;
  cutAfter: boolean;
  today: string;
}

function stayCell(stay: BoardStay, span: number, { cutBefore, cutAfter, today }: Shown, language: Language): Html {
  const words = deskWords(language);
  const { booking_id: id, check_in: from, check_out: to, guest, guests } = stay;
  const nights = nightsText(nightsBetween(from, to), language);
  const when = `${dayText(from, language)} – ${dayText(to, language)}, ${nights}`;
  const name = guest ?? words.withoutGuest;
  const state = to <= today ? 'over' : from <= today ? 'now' : 'coming';
  const more = guests > 1 ? ` +${guests - 1}` : '';
  return html`<td colspan="${span}" class="stay ${state}${cutBefore && ' cut-before'}${cutAfter && ' cut-after'}"><a href="/hotel/bookings/${id}" id="stay-${id}" title="${name}${more}: ${when}" aria-label="${words.bookingTitle(id)}: ${name}${more}, ${when}"><span class="who">${name}${more}</span></a></td>`;
}
