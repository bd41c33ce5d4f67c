import type { RunPages, RunRow } from '../../../operations/runs.ts';
import type { Language } from '../../../words/dictionary.ts';
import { type Html, html } from '../../../words/html.ts';
import { numberText, timeElement } from '../../page/time-text.ts';
import type { RunWords } from './words.ts';

/** What was asked for, piece by piece. */
export function pagesView(
  run: RunRow,
  { counts, first }: RunPages,
  zone: string,
  say: RunWords,
  language: Language,
): Html {
  const all = counts.reduce((total, { pages }) => total + pages, 0);
  const asked = run.pages_done + run.pages_failed + run.pages_open;
  return html`
<section id="pages" data-live>
<h2>${say.pages}</h2>
<p>${say.pagesText(run.pages_done, run.pages_failed, run.pages_open)}${first.length < all && ` ${say.pagesCut(first.length, all)}`}${all === 0 && asked > 0 && ` ${say.pagesGone}`}</p>
${
  first.length > 0 &&
  html`<div class="scroll low" role="region" aria-label="${say.pages}" tabindex="0">
<table>
<thead><tr><th scope="col">${say.page}</th><th scope="col">${say.pageKind}</th><th scope="col">${say.status}</th><th scope="col" class="number">${say.records}</th><th scope="col" class="number">${say.attempt}</th><th scope="col">${say.changedAt}</th></tr></thead>
<tbody>${first.map(
    ({ page, kind, state, records, attempt, changed_at, error }) => html`
<tr><th scope="row"><code>${page}</code></th><td>${kind === 'list' ? say.listKind : say.recordKind}</td><td><span class="status ${state === 'failed' ? 'failed' : state === 'done' ? 'succeeded' : 'running'}">${state === 'failed' ? say.failedPage : say[state]}</span>${error && html`<p>${error}</p>`}</td><td class="number">${records === null ? '–' : numberText(records, language)}</td><td class="number">${attempt}</td><td>${timeElement(changed_at, zone, language)}</td></tr>`,
  )}
</tbody></table></div>`
}
</section>`;
}
