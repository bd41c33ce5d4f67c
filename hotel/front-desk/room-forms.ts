import type { FastifyInstance } from 'fastify';
import { csrfField } from '../../console/page/layout.ts';
import type { Visit } from '../../console/page/visit.ts';
import type { Db } from '../../db/connection.ts';
import { type Html, html } from '../../words/html.ts';
import { brokenRules } from '../broken-rules.ts';
import { createRoom, ROOM_CLASSES, readRoom, updateRoom } from '../rooms.ts';
import { roomSent } from '../shapes.ts';
import { withId } from './add-desk-page.ts';
import { addForm } from './add-form.ts';
import { field, problemSummary, select, tick } from './fields.ts';
import { type Form, type Typed, textOf, typedOf } from './form.ts';
import { deskWords } from './words.ts';

const ORDER = ['id', 'class', 'price_per_night', 'area', 'rooms_count', 'has_kitchen'];

const roomOf = (typed: Typed) => roomSent.parse(rawRoom(typed));

function rawRoom(typed: Typed) {
  const number = (name: string) => numberOf(textOf(typed, name));
  return {
    id: number('id'),
    area: number('area'),
    price_per_night: textOf(typed, 'price_per_night').replace(/\s/g, '') || undefined,
    class: textOf(typed, 'class') || undefined,
    has_kitchen: textOf(typed, 'has_kitchen') !== '',
    rooms_count: number('rooms_count'),
  };
}

/** An empty field is no number at all. */
export function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

export function addRoomForms(app: FastifyInstance, db: Db): void {
  const checkAll = async (typed: Typed) => {
    const { data } = roomSent.safeParse(rawRoom(typed));
    return data ? brokenRules(db, 'rooms', data) : [];
  };
  addForm<unknown, unknown, null>(app, {
    path: '/hotel/rooms/new',
    read: async () => null,
    begin: () => typedOf({ class: 'standard', rooms_count: 1 }),
    order: ORDER,
    checkAll,
    submit: async (typed) => `/hotel/rooms/${(await createRoom(db, roomOf(typed))).id}?done=saved`,
    view: (_, form, visit) => ({
      title: deskWords(visit.language).newRoom,
      body: formView(form, '/hotel/rooms/new', '/hotel/rooms', visit),
    }),
  });
  addForm(app, {
    path: '/hotel/rooms/:id/edit',
    params: withId,
    read: ({ id }) => readRoom(db, id),
    begin: ({ has_kitchen: kitchen, ...room }) => typedOf({ ...room, has_kitchen: kitchen ? 'on' : '' }),
    order: ORDER,
    checkAll,
    async submit(typed, { id }) {
      const room = await updateRoom(db, id, roomOf(typed), { ifVersion: Number(textOf(typed, 'version')) || 0 });
      return `/hotel/rooms/${room.id}?done=saved`;
    },
    view: ({ id }, form, visit) => ({
      title: deskWords(visit.language).roomTitle(id),
      body: formView(form, `/hotel/rooms/${id}/edit`, `/hotel/rooms/${id}`, visit, true),
    }),
  });
}

function formView(form: Form, action: string, back: string, visit: Visit, isEdit = false): Html {
  const { language, mayChange } = visit;
  const words = deskWords(language);
  const choices = ROOM_CLASSES.map((of) => ({ value: of, label: words[of] }));
  const number = { required: true, inputmode: 'numeric' } as const;
  const price = { required: true, inputmode: 'decimal', hint: isEdit ? words.hintNewPrice : words.hintPrice } as const;
  return html`${problemSummary(form, language)}
<form method="post" action="${action}" class="desk-form" novalidate>${csrfField(visit)}
<input type="hidden" name="version" value="${textOf(form.typed, 'version')}">
<div class="columns">${field(form, { name: 'id', label: words.roomNumber, hint: words.hintRoomNumber, ...number }, language)}
${select(form, { name: 'class', label: words.class, choices }, language)}
${field(form, { name: 'price_per_night', label: words.pricePerNight, ...price }, language)}</div>
<div class="columns">${field(form, { name: 'area', label: words.area, ...number }, language)}
${field(form, { name: 'rooms_count', label: words.roomsCount, ...number }, language)}
${tick(form, { name: 'has_kitchen', label: words.kitchen })}</div>
<div class="actions">${mayChange ? html`<button>${words.save}</button>` : html`<p>${words.onlyLook}</p>`} <a href="${back}">${words.back}</a></div>
</form>`;
}
