import type { Visit } from '../../console/page/visit.ts';
import type { Db } from '../../db/connection.ts';
import { type Html, html } from '../../words/html.ts';
import { type Guest, listGuests, readGuest } from '../guests.ts';
import { HotelRule } from '../hotel-rule.ts';
import { described, field, problemOf } from './fields.ts';
import { type Form, idOf, textOf } from './form.ts';
import { fullName } from './texts.ts';
import { deskWords } from './words.ts';

const MOST_FOUND = 8;

/** Ids that were ticked, in the order of the form. */
export function chosenGuests({ typed }: Pick<Form, 'typed'>): number[] {
  const ids = (typed.guest ?? []).map(Number).filter((id) => Number.isInteger(id) && id > 0 && id < 2 ** 31);
  return [...new Set(ids)];
}

/** Guests who are here already: those chosen, a search, and what it has found. Works without the script by asking for the page again. */
export async function guestPicker(db: Db, form: Form, visit: Visit): Promise<Html> {
  const { language } = visit;
  const words = deskWords(language);
  const chosen = await readAll(db, chosenGuests(form));
  const boxes = chosen.map((guest) => guestBox(guest, true, language));
  const search = textOf(form.typed, 'find').trim();
  const problem = problemOf(form, 'guest');
  return html`<div id="${idOf('guest')}" tabindex="-1" class="chosen" data-chosen${described(form, 'guest')}>${boxes}</div>
${problem && html`<p class="problem" id="${idOf('guest')}-problem">${problem.messages[language]}</p>`}
<div class="find-guest">${field(form, { name: 'find', label: words.findGuest, hint: words.hintFind, type: 'search' }, language)}
<button class="secondary" name="step" value="look">${words.find}</button></div>
${await foundGuests(db, search, visit, chosenGuests(form))}`;
}

/** What a search has found; the script puts the same in while somebody types. */
export async function foundGuests(
  db: Db,
  search: string,
  { language }: Pick<Visit, 'language'>,
  without: readonly number[] = [],
): Promise<Html> {
  const words = deskWords(language);
  const { items, next } =
    search === '' ? { items: [], next: null } : await listGuests(db, { search, limit: MOST_FOUND });
  const found = items.filter(({ id }) => !without.includes(id)).map((guest) => guestBox(guest, false, language));
  return html`<div id="found" role="group" aria-label="${words.foundGuests}">${found}${search !== '' && items.length === 0 && html`<p class="quiet-text">${words.nobodyFound}</p>`}${next && html`<p class="quiet-text">${words.moreFound}</p>`}</div>`;
}

/** The passport tells apart people of one name; of it the end is enough. */
function guestBox(guest: Guest, checked: boolean, language: Visit['language']): Html {
  const passport = `${deskWords(language).passport.toLowerCase()} ···${guest.passport_number.slice(-3)}`;
  return html`<label class="guest-box"><input type="checkbox" name="guest" value="${guest.id}"${checked && html` checked`}> ${fullName(guest)} <span class="quiet-text">${passport}${guest.phone && html` · ${guest.phone}`}</span></label>`;
}

async function readAll(db: Db, ids: readonly number[]): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (const id of ids) {
    const guest = await readGuest(db, id).catch((error: unknown) => {
      // Deleted meanwhile: then nobody is booked by this id.
      if (error instanceof HotelRule) return undefined;
      throw error;
    });
    if (guest) guests.push(guest);
  }
  return guests;
}
