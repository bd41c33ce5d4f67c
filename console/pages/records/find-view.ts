import type { KnownRecord } from '../../../operations/find-record.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { recordPath } from '../../page/addresses.ts';
import type { Visit } from '../../page/visit.ts';
import { recordName, stateBadge } from './record-name.ts';
import { recordWords } from './words.ts';

/** What may be meant by what was typed. */
export function findView({ q, records }: { q: string; records: readonly KnownRecord[] }, visit: Visit): PageView {
  const say = recordWords(visit.language);
  const body = html`
<search><form method="get" action="/records" class="filters">
<label>${say.findLabel}
<input type="search" name="q" value="${q}" required autocomplete="off"></label>
<button>${say.find}</button>
</form></search>
<p class="quiet-text">${say.findHint}</p>
${q !== '' && (records.length > 0 ? foundTable(records, visit) : nothing(q, visit))}`;
  return { title: say.findTitle, body };
}

function nothing(q: string, { language }: Visit): Html {
  const say = recordWords(language);
  return html`<div class="empty"><p><strong>${say.nothing(q)}</strong></p><p>${say.nothingHint}</p></div>`;
}

function foundTable(records: readonly KnownRecord[], { language }: Visit): Html {
  const say = recordWords(language);
  const titles = [say.record, say.number, say.source, say.account, say.state, say.foundBy];
  return html`
<div class="scroll" role="region" aria-labelledby="found" tabindex="0">
<table>
<caption id="found">${say.found}</caption>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${records.map(
    (record) => html`
<tr><th scope="row"><a href="${addressOf(record, records)}">${recordName(record, language)}</a></th>
<td>${record.number}</td><td>${record.source}</td><td>${record.account}</td>
<td>${record.state && stateBadge(record.state, language)}</td><td>${record.by === 'id' ? say.byId : say.byNumber}</td></tr>`,
  )}
</tbody>
</table>
</div>`;
}

/** With its account where the same id stands for several records. */
function addressOf(record: KnownRecord, records: readonly KnownRecord[]): string {
  const sameName = records.filter((other) => recordPath(other) === recordPath(record));
  return recordPath(record, sameName.length > 1 ? record.account : undefined);
}
