import type { TrailStep } from '../../../db/lookups.ts';
import { recordCount } from '../../../reports/words/nouns.ts';
import { type Html, html } from '../../../words/html.ts';
import { shortTime } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import type { RecordPage, ShownStory } from './read-record.ts';
import { recordLink, stateBadge } from './record-name.ts';
import { type RecordWords, recordWords } from './words.ts';

/** What the record waits for, what waits for it, and who was asked for what is missing. */
export function storyLinks(
  { source }: RecordPage,
  { record, parents, waiting }: ShownStory,
  zone: string,
  visit: Visit,
): Html {
  const { language } = visit;
  const say = recordWords(language);
  const entities = [...new Set(waiting.first.map(({ entity }) => entity))];
  return html`
${
  parents.length > 0 &&
  html`<h2>${say.waitsFor}</h2>${parents.map(
    (parent) => html`
<p>${recordLink({ source, ...parent }, language)} ${parent.state === 'unknown' ? say.unknownState : stateBadge(parent.state, language)}
${parent.last_error && html`<br><span class="quiet-text">${parent.last_error}</span>`}</p>
${parent.trail && trailTable(parent.trail, zone, visit)}`,
  )}`
}
${record.trail && html`<h2>${say.asked}</h2>${trailTable(record.trail, zone, visit)}`}
${
  waiting.count > 0 &&
  html`<h2>${say.waitedForBy(recordCount(language, waiting.count, waiting.count > waiting.first.length ? [] : entities))}</h2>
<ul>${waiting.first.map(
    (waiter) => html`
<li>${recordLink({ source, ...waiter }, language)} ${stateBadge(waiter.state, language, { lacks: true })}</li>`,
  )}
${waiting.count > waiting.first.length && html`<li>${say.andMore(waiting.count - waiting.first.length)}</li>`}
</ul>`
}`;
}

function trailTable(trail: readonly TrailStep[], zone: string, { language }: Visit): Html {
  const say = recordWords(language);
  if (trail.length === 0) return html`<p>${say.askedNobody}</p>`;
  return html`
<div class="scroll" role="region" aria-label="${say.asked}" tabindex="0">
<table>
<thead><tr><th scope="col">${say.account}</th><th scope="col">${say.answer}</th><th scope="col">${say.when}</th><th scope="col">${say.note}</th></tr></thead>
<tbody>${trail.map(
    ({ account, answer, at, note }) => html`
<tr><th scope="row">${account}</th><td>${answerText(answer, say)}</td><td>${shortTime(new Date(at), zone, language)}</td><td>${note !== answer && note}</td></tr>`,
  )}
</tbody>
</table>
</div>`;
}

function answerText(answer: TrailStep['answer'], say: RecordWords): string {
  return answer === 'found' ? say.found_ : say[answer];
}
