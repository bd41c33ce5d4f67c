import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { csrfField } from '../../console/page/layout.ts';
import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import { formKey, once } from '../api/once.ts';
import { bookIn } from '../bookings.ts';
import { brokenRules } from '../broken-rules.ts';
import { cardColumns } from '../card.ts';
import { type HotelDesk, keyFor } from '../desk.ts';
import { HotelRule } from '../hotel-rule.ts';
import { readToday } from '../read-board.ts';
import type { RuleMessage } from '../rule-messages.ts';
import { bookInInput } from '../shapes.ts';
import { blankDay, blankNumber } from './add-desk-page.ts';
import { addForm } from './add-form.ts';
import { field, problemSummary } from './fields.ts';
import { type Form, type Typed, textOf, typedOf } from './form.ts';
import { GUEST_FIELDS, guestFields, guestOf, isGuestTyped } from './guest-forms.ts';
import { chosenGuests, guestPicker } from './guest-picker.ts';
import { numberOf } from './room-forms.ts';
import { stayFields } from './stay-fields.ts';
import { addDays, isDay } from './texts.ts';
import { deskWords } from './words.ts';

const NEW = 'new.';
export const STAY_FIELDS = ['check_in', 'check_out', 'room_id', 'guest'];
const query = z.object({ room: blankNumber, check_in: blankDay, check_out: blankDay, guest: blankNumber });
type Query = z.output<typeof query>;

/** `/hotel/book`: dates, room and guests in one form; guests who are new are made with the booking. */
export function addBook(app: FastifyInstance, desk: HotelDesk): void {
  const { db } = desk;
  addForm<unknown, Query, null>(app, {
    path: '/hotel/book',
    query,
    read: async () => null,
    async begin(_, { room, check_in, check_out, guest }) {
      const from = check_in ?? (await readToday(db));
      return typedOf({
        key: randomUUID(),
        check_in: from,
        check_out: check_out ?? addDays(from, 1),
        room_id: room,
        guest,
      });
    },
    async submit(typed) {
      if (textOf(typed, 'step') !== 'book') return undefined;
      const stay = stayOf(typed);
      const isNew = isGuestTyped(typed, NEW);
      const guests = [...chosenGuests({ typed }).map((id) => ({ id })), ...(isNew ? [guestOf(typed, NEW)] : [])];
      if (guests.length === 0) throw guestMissing();
      // Pressed twice, or sent again by the browser: one booking.
      const { cardKey } = keyFor(desk, stay);
      const key = textOf(typed, 'key') ? formKey(typed, cardKey) : undefined;
      const { answer } = await once({ key, request: 'book', cardKey }, (inTransaction) =>
        bookIn(db, { booking: stay, guests }, { cardKey, inTransaction }),
      );
      return `/hotel/bookings/${answer.id}?done=booked`;
    },
    async checkAll(typed) {
      const guest = isGuestTyped(typed, NEW) ? await brokenRules(db, 'guests', guestOf(typed, NEW)) : [];
      const nobody = guest.length === 0 && chosenGuests({ typed }).length === 0 && !isGuestTyped(typed, NEW);
      const dates = datesOf(typed);
      return [
        ...(dates ? await brokenRules(db, 'bookings', dates) : []),
        ...guest.map((rule) => ({ ...rule, field: NEW + rule.field })),
        ...cardProblems(desk, typed),
        ...(nobody ? [{ field: 'guest', ...guestMissing().messages }] : []),
      ];
    },
    order: [...STAY_FIELDS, ...GUEST_FIELDS.map((name) => NEW + name), 'card_number'],
    fieldOf: guestFieldOf,
    view: async (_, form, visit) => ({
      title: deskWords(visit.language).newBooking,
      body: await formView(desk, form, visit),
    }),
  });
}

/** Dates, room and card as they were typed. Throws a zod error that names the fields. */
export function stayOf(typed: Typed) {
  const card = cardOf(typed);
  return bookInInput.shape.booking.parse({
    check_in: textOf(typed, 'check_in') || undefined,
    check_out: textOf(typed, 'check_out') || undefined,
    room_id: numberOf(textOf(typed, 'room_id')),
    ...(card && { card_number: card }),
  });
}

/** A card that would not be taken, told before the booking is tried again. */
export function cardProblems(desk: HotelDesk, typed: Typed): RuleMessage[] {
  const card = cardOf(typed);
  try {
    if (card) cardColumns(card, desk.cardKey());
    return [];
  } catch (error) {
    if (!(error instanceof HotelRule) || error.field === null) throw error;
    return [{ field: error.field, ...error.messages }];
  }
}

/** Cards are printed in groups; what is between them is no digit. */
const cardOf = (typed: Typed) => textOf(typed, 'card_number').replace(/[\s-]/g, '');

export function datesOf(typed: Typed) {
  const [checkIn, checkOut] = [textOf(typed, 'check_in'), textOf(typed, 'check_out')];
  return isDay(checkIn) && isDay(checkOut) ? { check_in: checkIn, check_out: checkOut } : undefined;
}

/** What is reckoned follows from the dates, so they are what has to change. */
export function stayFieldOf(place: string): string {
  return { booked_on: 'check_in', total: 'check_out' }[place] ?? place;
}

export function guestMissing(): HotelRule {
  const [en, ru] = [deskWords('en').guestMissing, deskWords('ru').guestMissing];
  return new HotelRule('VALUE_MISSING', { field: 'guest', en, ru });
}

/** `guests.1.phone` is the new guest's when the first one was chosen. */
function guestFieldOf(place: string, typed: Typed): string {
  const [, at, column] = /^guests\.(\d+)\.(.+)$/.exec(place) ?? [];
  if (at === undefined || column === undefined) return stayFieldOf(place);
  return Number(at) >= chosenGuests({ typed }).length ? NEW + column : 'guest';
}

async function formView(desk: HotelDesk, form: Form, visit: Visit): Promise<Html> {
  const { language, mayChange } = visit;
  const words = deskWords(language);
  if (!mayChange) return html`<p class="notice warn">${words.onlyLook}</p>`;
  const hint = textOf(form.typed, 'card_number') ? words.cardAgain : words.hintCard;
  return html`${problemSummary(form, language)}
<form method="post" action="/hotel/book" class="desk-form" data-stay novalidate>${csrfField(visit)}
<input type="hidden" name="key" value="${textOf(form.typed, 'key')}">
<fieldset><legend>${words.stay}</legend>${await stayFields(desk, form, visit)}</fieldset>
<fieldset><legend>${words.whoComes}</legend>${await guestPicker(desk.db, form, visit)}
<details id="new-guest"${isGuestTyped(form.typed, NEW) && html` open`}><summary>${words.orNewGuest}</summary>${guestFields(form, language, NEW)}</details></fieldset>
<fieldset><legend>${words.card}</legend>${field(form, { name: 'card_number', label: words.cardNumber, hint, inputmode: 'numeric', secret: true }, language)}</fieldset>
<div class="actions"><button name="step" value="book" data-main>${words.book}</button></div>
</form>`;
}
