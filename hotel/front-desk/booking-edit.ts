import type { FastifyInstance } from 'fastify';
import { csrfField } from '../../console/page/layout.ts';
import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import { deleteBooking, updateBooking } from '../bookings.ts';
import { brokenRules } from '../broken-rules.ts';
import { type HotelDesk, keyFor } from '../desk.ts';
import { type Booking, readBooking } from '../read-bookings.ts';
import { withId } from './add-desk-page.ts';
import { addForm } from './add-form.ts';
import { cardProblems, datesOf, guestMissing, STAY_FIELDS, stayFieldOf, stayOf } from './book.ts';
import { addDeletePage } from './delete-page.ts';
import { field, problemSummary, tick } from './fields.ts';
import { type Form, textOf, typedOf } from './form.ts';
import { chosenGuests, guestPicker } from './guest-picker.ts';
import { stayFields } from './stay-fields.ts';
import { deskWords } from './words.ts';

/** Changing a booking, and cancelling it. */
export function addBookingEdit(app: FastifyInstance, desk: HotelDesk): void {
  const { db } = desk;
  addForm(app, {
    path: '/hotel/bookings/:id/edit',
    params: withId,
    read: ({ id }) => readBooking(db, id),
    begin: ({ version, check_in, check_out, room_id, guests }) =>
      typedOf({ version, check_in, check_out, room_id, guest: guests.map(({ id }) => id) }),
    async submit(typed, { id }) {
      if (textOf(typed, 'step') !== 'save') return undefined;
      const stay = stayOf(typed);
      const guests = chosenGuests({ typed });
      // One that never had guests, as from an import, may stay so.
      if (guests.length === 0 && (await readBooking(db, id)).guests.length > 0) throw guestMissing();
      const card = textOf(typed, 'no_card') && !stay.card_number ? { card_number: null } : {};
      const changes = { ...stay, ...card, guest_ids: guests };
      const ifVersion = Number(textOf(typed, 'version')) || 0;
      await updateBooking(db, id, changes, { ifVersion, ...keyFor(desk, changes) });
      return `/hotel/bookings/${id}?done=saved`;
    },
    async checkAll(typed) {
      const dates = datesOf(typed);
      return [...(dates ? await brokenRules(db, 'bookings', dates) : []), ...cardProblems(desk, typed)];
    },
    order: [...STAY_FIELDS, 'card_number'],
    fieldOf: (place) => (/^guests\.|^guest_ids/.test(place) ? 'guest' : stayFieldOf(place)),
    view: async (booking, form, visit) => ({
      title: deskWords(visit.language).bookingTitle(booking.id),
      body: await formView(desk, booking, form, visit),
    }),
  });
  addDeletePage(app, {
    path: '/hotel/bookings',
    read: (id) => readBooking(db, id),
    remove: (id, condition) => deleteBooking(db, id, condition),
    question: ({ id }, words) => words.deleteBooking(id),
    remark: (words) => words.bookingAlong,
  });
}

async function formView(desk: HotelDesk, booking: Booking, form: Form, visit: Visit): Promise<Html> {
  const { language, mayChange } = visit;
  const words = deskWords(language);
  if (!mayChange) return html`<p class="notice warn">${words.onlyLook}</p>`;
  const { id, card_last4: last4 } = booking;
  const again = textOf(form.typed, 'card_number') !== '';
  const hint = again ? words.cardAgain : last4 ? words.hintCardKept(last4) : words.hintCard;
  return html`${problemSummary(form, language)}
<form method="post" action="/hotel/bookings/${id}/edit" class="desk-form" data-stay="${id}" novalidate>${csrfField(visit)}
<input type="hidden" name="version" value="${textOf(form.typed, 'version')}">
<fieldset><legend>${words.stay}</legend>${await stayFields(desk, form, visit, id)}</fieldset>
<fieldset><legend>${words.whoComes}</legend>${await guestPicker(desk.db, form, visit)}</fieldset>
<fieldset><legend>${words.card}</legend>${field(form, { name: 'card_number', label: words.cardNumber, hint, inputmode: 'numeric', secret: true }, language)}
${last4 && tick(form, { name: 'no_card', label: words.removeCard })}</fieldset>
<div class="actions"><button name="step" value="save" data-main>${words.save}</button> <a href="/hotel/bookings/${id}">${words.back}</a></div>
</form>`;
}
