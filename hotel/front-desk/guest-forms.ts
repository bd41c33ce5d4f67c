import type { FastifyInstance } from 'fastify';
import { csrfField } from '../../console/page/layout.ts';
import type { Visit } from '../../console/page/visit.ts';
import type { Db } from '../../db/connection.ts';
import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import { brokenRules } from '../broken-rules.ts';
import { createGuest, readGuest, updateGuest } from '../guests.ts';
import { guestInput } from '../shapes.ts';
import { withId } from './add-desk-page.ts';
import { addForm } from './add-form.ts';
import { field, problemSummary } from './fields.ts';
import { type Form, type Typed, textOf, typedOf } from './form.ts';
import { fullName } from './texts.ts';
import { deskWords } from './words.ts';

export const GUEST_FIELDS = [
  'last_name',
  'first_name',
  'middle_name',
  'passport_series',
  'passport_number',
  'phone',
] as const;

/** The guest of a form, whose fields may stand behind a prefix. */
export function guestOf(typed: Typed, prefix = '') {
  return guestInput.parse(Object.fromEntries(GUEST_FIELDS.map((name) => [name, textOf(typed, prefix + name)])));
}

/** Whether anything of a guest was typed. */
export function isGuestTyped(typed: Typed, prefix: string): boolean {
  return GUEST_FIELDS.some((name) => textOf(typed, prefix + name).trim() !== '');
}

export function guestFields(form: Form, language: Language, prefix = ''): Html {
  const words = deskWords(language);
  const one = (name: (typeof GUEST_FIELDS)[number], label: string, more: object = {}) =>
    field(form, { name: prefix + name, label, ...more }, language);
  const required = prefix === '';
  return html`<div class="columns">${one('last_name', words.lastName, { required })}${one('first_name', words.firstName, { required })}${one('middle_name', words.middleName, { hint: words.optional })}</div>
<div class="columns">${one('passport_series', words.passportSeries, { required, hint: words.hintSeries, inputmode: 'numeric' })}${one('passport_number', words.passportNumber, { required, hint: words.hintPassport, inputmode: 'numeric' })}${one('phone', words.phone, { hint: words.hintPhone, inputmode: 'tel' })}</div>`;
}

export function addGuestForms(app: FastifyInstance, db: Db): void {
  const checkAll = (typed: Typed) => brokenRules(db, 'guests', guestOf(typed));
  addForm<unknown, unknown, null>(app, {
    path: '/hotel/guests/new',
    read: async () => null,
    begin: () => ({}),
    order: GUEST_FIELDS,
    checkAll,
    submit: async (typed) => `/hotel/guests/${(await createGuest(db, guestOf(typed))).id}?done=saved`,
    view: (_, form, visit) => {
      const words = deskWords(visit.language);
      return { title: words.newGuest, body: formView(form, '/hotel/guests/new', '/hotel/guests', visit) };
    },
  });
  addForm(app, {
    path: '/hotel/guests/:id/edit',
    params: withId,
    read: ({ id }) => readGuest(db, id),
    begin: (guest) => typedOf({ ...guest }),
    order: GUEST_FIELDS,
    checkAll,
    async submit(typed, { id }) {
      await updateGuest(db, id, guestOf(typed), { ifVersion: Number(textOf(typed, 'version')) || 0 });
      return `/hotel/guests/${id}?done=saved`;
    },
    view: (guest, form, visit) => ({
      title: fullName(guest),
      body: formView(form, `/hotel/guests/${guest.id}/edit`, `/hotel/guests/${guest.id}`, visit),
    }),
  });
}

function formView(form: Form, action: string, back: string, visit: Visit): Html {
  const words = deskWords(visit.language);
  return html`${problemSummary(form, visit.language)}
<form method="post" action="${action}" class="desk-form" novalidate>${csrfField(visit)}
<input type="hidden" name="version" value="${textOf(form.typed, 'version')}">
${guestFields(form, visit.language)}
<div class="actions">${visit.mayChange ? html`<button>${words.save}</button>` : html`<p>${words.onlyLook}</p>`} <a href="${back}">${words.back}</a></div>
</form>`;
}
