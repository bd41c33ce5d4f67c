import type { JobContext } from '../../../jobs/define-job.ts';
import { ledgerOf } from '../../../operations/ledger.ts';
import type { RunRow, Slice } from '../../../operations/runs.ts';
import { zoneOf } from '../../../settings/zone-of.ts';
import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { durationText } from '../../page/duration-text.ts';
import { statusElement } from '../../page/light.ts';
import { pathTo } from '../../page/path-to.ts';
import { shortened } from '../../page/shortened.ts';
import { numberText, shortTime, zoneText } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { runFilters } from './filters.ts';
import { ledgerPicture } from './ledger-picture.ts';
import { chosen, type RunsQuery } from './query.ts';
import { type RunWords, runWords, valueWord } from './words.ts';

type Known = Pick<JobContext, 'settings' | 'sources'>;

export function runsView(
  { rows, next, zone }: Slice<RunRow> & { zone: string },
  query: RunsQuery,
  known: Known,
  visit: Visit,
): PageView {
  const { language } = visit;
  const say = runWords(language);
  const { of: _, cursor, limit, ...rest } = query;
  const asked = { ...rest, ...chosen(query) };
  const isFiltered = Object.values(asked).some((value) => value !== undefined);
  const body = html`
${runFilters(query, zone, known, language)}
<div id="runs" data-live>
${rows.length > 0 ? table(rows, known, say, language) : html`<p class="empty">${isFiltered || cursor ? html`${say.none} ${say.noneHint}` : say.noneYet}</p>`}
<nav class="links" aria-label="${say.title}">
${cursor && html`<a href="${pathTo('/runs', asked)}">${say.newest}</a>`}
${next && html`<a href="${pathTo('/runs', { ...asked, limit: limit === 50 ? undefined : limit, cursor: next })}" rel="next">${say.older}</a>`}
</nav></div>`;
  return { title: say.title, body };
}

function table(rows: readonly RunRow[], { settings }: Known, say: RunWords, language: Visit['language']): Html {
  const titles = [say.entity, say.status, say.began, say.took, say.how, say.ledgerShort];
  const numbers = [say.fetched, say.new, say.changed, say.stuck, say.requests];
  return html`
<div class="scroll" role="region" aria-label="${say.list}" tabindex="0">
<table class="pinned">
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}${numbers.map((title) => html`<th scope="col" class="number">${title}</th>`)}</tr></thead>
<tbody>${rows.map((run) => tableRow(run, zoneOf(settings, run.source, run.account), say, language))}
</tbody></table></div>`;
}

function tableRow(run: RunRow, zone: string, say: RunWords, language: Visit['language']): Html {
  const { id, source, account, entity, error } = run;
  const numbers = [run.fetched, run.inserted, run.updated, run.parked + run.quarantined, run.requests];
  return html`
<tr id="run-${id}"><th scope="row"><a href="/runs/${id}">${entityWord(entity, language)}</a><small>${source} / ${account}</small></th>
<td>${statusElement(run.status, language)}${error && html`<p>${shortened(error)}</p>`}</td>
<td class="short">${shortTime(run.started_at, zone, language)}<small>${zoneText(run.started_at, zone, language)}</small></td>
<td class="short">${durationText(+(run.finished_at ?? run.heartbeat_at) - +run.started_at, language)}${run.finished_at === null && html`<small>${say.soFar}</small>`}</td>
<td class="short">${valueWord(run.mode, say)}<small>${valueWord(run.trigger, say)}</small></td>
<td>${ledgerPicture(ledgerOf(run))}</td>
${numbers.map((value) => html`<td class="number">${value > 0 ? numberText(value, language) : html`<span class="zero">0</span>`}</td>`)}</tr>`;
}
