import { parseWaitName } from '../../../db/record-key.ts';
import type { PreviewRecord, UnknownId } from '../../../operations/preview-requeue.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { csrfField } from '../../page/layout.ts';
import type { Visit } from '../../page/visit.ts';
import type { Place } from '../issues/read.ts';
import { recordHeading, recordName, stateBadge } from '../records/record-name.ts';
import { idsForm } from './form-view.ts';
import type { PreviewPage } from './order.ts';
import { unknownIds } from './unknown-ids.ts';
import { type RequeueWords, requeueWords } from './words.ts';

const MOST_SHOWN = 500;

/** What is known of each id, and the button that does it; or the form once more, with what is wrong. */
export function previewView(data: PreviewPage, visit: Visit, places: readonly Place[]): PageView {
  const say = requeueWords(visit.language);
  const { preview, wrong, problem, wrong_account: wrongAccount } = data;
  const notices = html`
${wrongAccount && html`<p class="notice warn" role="alert">${say.wrongAccount(data.source, data.account ?? '')}</p>`}
${wrong.length > 0 && html`<p class="notice warn" role="alert">${say.wrong(wrong.slice(0, 20).join(', '))}</p>`}
${problem !== null && html`<div class="notice bad" role="alert"><p>${say.problem}</p><pre>${problem}</pre></div>`}`;
  if (!preview) {
    const given = { target: `${data.source}/${data.entity}`, account: data.account, ids: data.ids.join('\n') };
    const body = html`${notices}
${data.ids.length === 0 && problem === null && html`<p class="notice warn" role="alert">${say.noIds}</p>`}
${idsForm({ places: [...places] }, visit, given)}`;
    return { title: say.title, body };
  }
  const { records, unknown } = preview;
  const body = html`
<p><a href="/requeue">${say.otherIds}</a></p>
${notices}
<p class="row"><strong>${say.known(records.length)}</strong>${unknown.length > 0 && html`<span>${say.unknownCount(unknown.length)}</span>`}</p>
${records.length > 0 ? html`${recordTable(data, records, visit)}${confirmForm(data, records.length, visit)}` : html`<p class="notice warn">${say.noneKnown}</p>`}
${unknown.length > 0 && unknownPart(data, unknown, visit)}`;
  return { title: say.previewTitle, body };
}

function recordTable({ source }: PreviewPage, records: readonly PreviewRecord[], { language }: Visit): Html {
  const say = requeueWords(language);
  const titles = [say.record, say.state, say.would, say.waitsFor, say.error];
  return html`
<div class="scroll" role="region" aria-label="${say.previewTitle}" tabindex="0">
<table class="pinned">
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${records.slice(0, MOST_SHOWN).map(
    (record) => html`
<tr><th scope="row">${recordHeading({ source, ...record }, language)}</th>
<td>${stateBadge(record.state, language, { lacks: record.waits_for !== null })}</td><td>${stepText(record.step, say)}</td>
<td>${waitText(record.waits_for, language)}</td><td>${record.last_error && html`<p>${record.last_error}</p>`}</td></tr>`,
  )}
</tbody>
</table>
</div>
${records.length > MOST_SHOWN && html`<p>${say.more(records.length - MOST_SHOWN)}</p>`}`;
}

export function waitText(names: readonly string[] | null, language: Visit['language']): string {
  return (names ?? [])
    .map(parseWaitName)
    .map(({ entity, externalId }) => recordName({ entity, external_id: externalId }, language))
    .join(', ');
}

export function stepText(step: PreviewRecord['step'], say: RequeueWords): string {
  return say[step];
}

function confirmForm(data: PreviewPage, count: number, visit: Visit): Html {
  const say = requeueWords(visit.language);
  return html`
<form method="post" action="/requeue" class="actions" aria-label="${say.confirm}">
${hidden(data, data.ids, visit)}
<label>${say.why}
<input name="reason" maxlength="500" placeholder="${say.whyHint}" autocomplete="off"></label>
${
  data.can_refetch &&
  html`<label class="tick"><input type="checkbox" name="refetch"${data.preview?.refetch && html` checked`}> <span>${say.readAgain}<small>${say.readAgainHint}</small></span></label>`
}
<button>${say.go(count)}</button>
</form>`;
}

/** Staff often pastes the numbers it knows bookings by. */
function unknownPart(data: PreviewPage, unknown: readonly UnknownId[], visit: Visit): Html {
  const say = requeueWords(visit.language);
  const meant = new Map(
    unknown.flatMap(({ external_id: id, near_misses: misses }) => {
      const bookings = misses.filter(({ kind }) => kind === 'booking number');
      return bookings.length > 0 ? [[id, bookings.map((booking) => booking.external_id)] as const] : [];
    }),
  );
  const ids = data.ids.flatMap((id) => meant.get(id) ?? [id]);
  return html`
<h2>${say.unknown}</h2>
<p>${say.unknownHint}</p>
${
  meant.size > 0 &&
  html`<form method="post" action="/requeue/preview">${hidden(data, ids, visit)}<button class="quiet">${say.useNumbers(meant.size)}</button></form>`
}
${unknownIds({ source: data.source, entity: data.entity, unknown, count: unknown.length }, visit)}`;
}

function hidden({ source, entity, account }: PreviewPage, ids: readonly string[], visit: Visit): Html {
  return html`${csrfField(visit)}<input type="hidden" name="source" value="${source}"><input type="hidden" name="entity" value="${entity}">
<input type="hidden" name="account" value="${account}"><input type="hidden" name="ids" value="${ids.join(' ')}">`;
}
