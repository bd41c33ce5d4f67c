import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { LOCALES } from '../../page/language.ts';
import { timeElement } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { COUNTS, type OverviewRow } from './read.ts';
import { type OverviewWords, overviewWords } from './words.ts';

export function overviewView(rows: readonly OverviewRow[], { language }: Visit): PageView {
  const words = overviewWords(language);
  const titles = [words.source, words.account, words.entity, words.status, words.started];
  const body = html`
<div class="scroll" role="region" aria-labelledby="runs" tabindex="0" id="entities" data-live>
<table>
<caption id="runs">${words.caption}</caption>
<thead>
<tr>${titles.map((word) => html`<th scope="col">${word}</th>`)}${COUNTS.map((count) => html`<th scope="col" class="number">${words[count]}</th>`)}</tr>
</thead>
<tbody>${rows.map((row) => tableRow(row, words, language))}
</tbody>
</table>
</div>`;
  return { title: words.title, body };
}

function tableRow(
  { source, account, entity, timezone, run }: OverviewRow,
  words: OverviewWords,
  language: Visit['language'],
): Html {
  const name = html`
<tr><td>${source}</td><td>${account}</td><th scope="row">${entity}</th>`;
  if (!run) return html`${name}<td colspan="${2 + COUNTS.length}">${words.never}</td></tr>`;
  const numbers = COUNTS.map((count) => html`<td class="number">${run[count].toLocaleString(LOCALES[language])}</td>`);
  return html`${name}<td><span class="status ${run.status}">${words[run.status]}</span>${run.error && html`<p>${run.error}</p>`}</td>
<td>${timeElement(run.started_at, timezone, language)}</td>${numbers}</tr>`;
}
