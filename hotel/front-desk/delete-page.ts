import type { FastifyInstance } from 'fastify';
import { LOCALES } from '../../console/page/language.ts';
import { csrfField } from '../../console/page/layout.ts';
import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import { HotelRule } from '../hotel-rule.ts';
import type { BriefBooking, GoesAlong } from '../what-goes-along.ts';
import { withId } from './add-desk-page.ts';
import { addForm } from './add-form.ts';
import { problemSummary } from './fields.ts';
import { textOf, typedOf } from './form.ts';
import { dayElement } from './texts.ts';
import { type DeskWords, deskWords } from './words.ts';

export interface DeletePage<R extends { id: number; version: number }> {
  /** `/hotel/guests` */
  path: string;
  read(id: number): Promise<R>;
  /** Undefined: nothing but the record itself. */
  along?(id: number): Promise<GoesAlong>;
  remove(id: number, condition: { ifVersion: number; actor: string }): Promise<unknown>;
  question(record: R, words: DeskWords): string;
  /** In place of what goes along. */
  remark?(words: DeskWords): string;
}

interface Data<R> {
  record: R;
  along: GoesAlong | undefined;
}

/** Asks before it deletes, naming what goes along; what has changed meanwhile is shown before anything is deleted. */
export function addDeletePage<R extends { id: number; version: number }>(
  app: FastifyInstance,
  { path, read, along, remove, question, remark }: DeletePage<R>,
): void {
  const readAll = async (id: number): Promise<Data<R>> => ({ record: await read(id), along: await along?.(id) });
  addForm<{ id: number }, unknown, Data<R>>(app, {
    path: `${path}/:id/delete`,
    params: withId,
    read: ({ id }) => readAll(id),
    begin: ({ record, along: with_ }) => typedOf({ version: record.version, along: fingerprint(with_) }),
    order: [],
    async submit(typed, { id }, { visitor }) {
      if (textOf(typed, 'along') !== fingerprint(await along?.(id))) throw alongChanged();
      await remove(id, { ifVersion: Number(textOf(typed, 'version')) || 0, actor: visitor.actor });
      return `${path}?done=deleted`;
    },
    view({ record, along: with_ }, form, visit) {
      const words = deskWords(visit.language);
      const body = html`${problemSummary({ ...form, saved: undefined }, visit.language)}
${with_ ? alongView(with_, visit) : html`<p>${remark?.(words)}</p>`}
<p>${words.forGood}</p>
<form method="post" action="${path}/${record.id}/delete" class="actions">${csrfField(visit)}
<input type="hidden" name="version" value="${record.version}"><input type="hidden" name="along" value="${fingerprint(with_)}">
${visit.mayChange && html`<button class="danger">${words.yesDelete}</button>`} <a href="${path}/${record.id}">${words.keep}</a>
</form>`;
      return { title: question(record, words), body };
    },
  });
}

function alongView({ deleted, deleted_count: gone, kept, kept_count: stay }: GoesAlong, visit: Visit): Html {
  const words = deskWords(visit.language);
  if (gone + stay === 0) return html`<p>${words.nothingAlong}</p>`;
  return html`${gone > 0 && html`<div class="notice bad"><h2>${words.goesAlong}</h2>${list(deleted, gone, visit)}</div>`}
${stay > 0 && html`<h2>${words.staysWithout}</h2>${list(kept, stay, visit)}`}`;
}

function list(bookings: readonly BriefBooking[], count: number, { language }: Visit): Html {
  const words = deskWords(language);
  const items = bookings.map(
    ({ id, room_id: room, check_in: from, check_out: to }) =>
      html`<li><a href="/hotel/bookings/${id}">${words.bookingTitle(id)}</a>: ${words.roomTitle(room)}, ${dayElement(from, language)} – ${dayElement(to, language)}</li>`,
  );
  const more = count - bookings.length;
  return html`<ul>${items}${more > 0 && html`<li>${words.andMore(more.toLocaleString(LOCALES[language]))}</li>`}</ul>`;
}

function fingerprint(along: GoesAlong | undefined): string {
  if (!along) return '';
  const ids = (bookings: readonly BriefBooking[]) => bookings.map(({ id }) => id).join('.');
  return `${along.deleted_count}:${ids(along.deleted)}:${along.kept_count}:${ids(along.kept)}`;
}

function alongChanged(): HotelRule {
  const { alongChanged: en } = deskWords('en');
  return new HotelRule('RULE_BROKEN', { field: null, en, ru: deskWords('ru').alongChanged });
}
