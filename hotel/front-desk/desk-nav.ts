import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import { deskWords } from './words.ts';

/** The pages of the front desk. */
export function deskNav({ url, language, mayChange }: Visit): Html {
  const words = deskWords(language);
  const [here = ''] = url.split('?');
  const pages: [path: string, word: string, shown: boolean][] = [
    ['/hotel', words.board, true],
    ['/hotel/free', words.freeRooms, true],
    ['/hotel/book', words.newBooking, mayChange],
    ['/hotel/bookings', words.bookings, true],
    ['/hotel/guests', words.guests, true],
    ['/hotel/rooms', words.rooms, true],
  ];
  const isHere = (path: string) => here === path || (path !== '/hotel' && here.startsWith(`${path}/`));
  const items = pages.map(
    ([path, word, shown]) =>
      shown && html`<li><a href="${path}"${isHere(path) && html` aria-current="page"`}>${word}</a></li>`,
  );
  return html`<nav class="desk-nav" aria-label="${words.deskPages}"><ul>${items}</ul></nav>`;
}

/** Says what the step before has done. */
export function doneNotice(done: 'booked' | 'saved' | 'deleted' | undefined, { language }: Visit): Html | undefined {
  const words = deskWords(language);
  if (!done) return undefined;
  const text = { booked: words.doneBooked, saved: words.doneSaved, deleted: words.doneDeleted }[done];
  return html`<p class="notice good no-print" role="status">${text}</p>`;
}
