import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Visit } from '../../console/page/visit.ts';
import { html } from '../../words/html.ts';
import type { HotelDesk } from '../desk.ts';
import { type Board, readBoard } from '../read-board.ts';
import { addDeskPage, blankDay } from './add-desk-page.ts';
import { boardTable } from './board-table.ts';
import { addDays } from './texts.ts';
import { todayView } from './today-view.ts';
import { deskWords } from './words.ts';

const SPANS = [7, 14, 28] as const;
const query = z.object({ from: blankDay, days: z.coerce.number().int().min(1).max(92).default(14).catch(14) });

/** `/hotel`: who comes and goes today, and the rooms by days. */
export function addBoard(app: FastifyInstance, desk: HotelDesk): void {
  addDeskPage(app, {
    path: '/hotel',
    query,
    view: async ({ query: { from, days } }, visit) => {
      const board = await readBoard(desk.db, { from, days });
      const words = deskWords(visit.language);
      const none = html`<p class="empty">${words.noRooms}${visit.mayChange && html` <a href="/hotel/rooms/new">${words.newRoom}</a>`}</p>`;
      const body = html`<div id="today" data-live class="today">${todayView(board, visit)}</div>
<h2>${words.board}</h2>
${board.rooms.length === 0 ? none : html`${steps(board, visit)}${boardTable(board, visit)}`}`;
      return { title: words.hotel, body };
    },
  });
}

function steps({ days }: Board, { language }: Visit) {
  const words = deskWords(language);
  const count = days.length;
  const first = days[0] ?? '';
  const to = (from: string) => `/hotel?${new URLSearchParams({ from, days: String(count) })}`;
  const spans = [...new Set([...SPANS, count])].sort((a, b) => a - b);
  const options = spans.map((span) => html`<option${span === count && html` selected`}>${span}</option>`);
  return html`<div class="board-steps"><p class="links"><a href="${to(addDays(first, -count))}" rel="prev">${words.earlier}</a>
<a href="/hotel?days=${count}">${words.today}</a> <a href="${to(addDays(first, count))}" rel="next">${words.later}</a></p>
<form method="get" action="/hotel" class="filters"><label>${words.goToDate}<input type="date" name="from" value="${first}"></label>
<label>${words.days}<select name="days">${options}</select></label><button class="secondary">${words.show}</button></form></div>`;
}
