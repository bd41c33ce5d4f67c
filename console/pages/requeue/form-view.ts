import type { ReceiptSummary } from '../../../db/list-receipts.ts';
import { entityWord, sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { csrfField } from '../../page/layout.ts';
import { numberText, timeElement } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import type { Place } from '../issues/read.ts';
import { requeueWords } from './words.ts';

export interface FormPage {
  places: Place[];
  receipts: ReceiptSummary[];
}

/** A list of ids to begin with, and the receipts of earlier ones. */
export function requeueView(data: FormPage, visit: Visit): PageView {
  const say = requeueWords(visit.language);
  const body = html`
${visit.mayChange ? html`<p>${say.intro}</p>${idsForm(data, visit)}` : html`<p class="notice plain">${say.viewer}</p>`}
${receiptTable(data, visit)}`;
  return { title: say.title, body };
}

/** `given`: what somebody has typed already. */
export function idsForm(
  { places }: Pick<FormPage, 'places'>,
  visit: Visit,
  given: { target?: string; account?: string | null; ids?: string } = {},
): Html {
  const { language } = visit;
  const say = requeueWords(language);
  const preferred = given.target ?? places.flatMap(targets).find(({ entity }) => entity === 'bookings')?.value;
  const accounts = [...new Set(places.flatMap((place) => place.accounts))];
  return html`
<form method="post" action="/requeue/preview" enctype="multipart/form-data" class="tall">
${csrfField(visit)}
<div class="pair">
<label>${say.what}
<select name="target">${places.map(
    (place) =>
      html`<optgroup label="${sourceWord(place.title, language)}">${targets(place).map(
        ({ value, entity }) =>
          html`<option value="${value}"${value === preferred && html` selected`}>${sourceWord(place.title, language)}: ${entityWord(entity, language)}</option>`,
      )}</optgroup>`,
  )}</select></label>
<label>${say.account}
<select name="account"><option value="">${say.anyAccount}</option>${accounts.map(
    (account) => html`<option value="${account}"${account === given.account && html` selected`}>${account}</option>`,
  )}</select></label>
</div>
<label>${say.ids}
<textarea name="ids" rows="6" spellcheck="false" autocomplete="off" aria-describedby="ids-hint">${given.ids}</textarea></label>
<small id="ids-hint">${say.idsHint}</small>
<label>${say.file}
<input type="file" name="file" accept=".csv,.txt,text/csv,text/plain" aria-describedby="file-hint"></label>
<small id="file-hint">${say.fileHint}</small>
<button>${say.preview}</button>
</form>`;
}

function targets({ source, entities }: Place): { value: string; entity: string }[] {
  return entities.map((entity) => ({ value: `${source}/${entity}`, entity }));
}

function receiptTable({ receipts, places }: FormPage, { language }: Visit): Html {
  const say = requeueWords(language);
  if (receipts.length === 0) return html`<h2>${say.receipts}</h2><p class="quiet-text">${say.noReceipts}</p>`;
  const titleOf = (source: string) =>
    sourceWord(places.find((place) => place.source === source)?.title ?? source, language);
  const titles = [say.receipt, say.when, say.who, say.reason, say.of];
  return html`
<h2 id="receipts">${say.receipts}</h2>
<div class="scroll" role="region" aria-labelledby="receipts" tabindex="0">
<table>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}<th scope="col" class="number">${say.records}</th></tr></thead>
<tbody>${receipts.map(
    ({ id, at, actor, reason, source, entities, records }) => html`
<tr><th scope="row"><a href="/requeue/${id}">${id}</a></th><td>${timeElement(at, 'UTC', language)}</td><td>${actor}</td><td>${reason}</td>
<td>${titleOf(source)}: ${entities.map((entity) => entityWord(entity, language)).join(', ')}</td><td class="number">${numberText(records, language)}</td></tr>`,
  )}
</tbody>
</table>
</div>`;
}
