import type { RunDetails, RunRow } from '../../../operations/runs.ts';
import type { Settings } from '../../../settings/settings.ts';
import { zoneOf } from '../../../settings/zone-of.ts';
import { entityWord } from '../../../words/entities.ts';
import { type Html, type HtmlValue, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { durationText } from '../../page/duration-text.ts';
import { statusElement } from '../../page/light.ts';
import { pathTo } from '../../page/path-to.ts';
import { timeElement } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { floorView } from './floor-view.ts';
import { issuesView } from './issues-view.ts';
import { ledgerView } from './ledger-view.ts';
import { logView } from './log-view.ts';
import { pagesView } from './pages-view.ts';
import { type RunWords, runWords, valueWord } from './words.ts';

export function runView(details: RunDetails, settings: Settings, { language }: Visit): PageView {
  const { run, ledger, pages, floor, log } = details;
  const say = runWords(language);
  const zone = zoneOf(settings, run.source, run.account);
  const body = html`
${factsView(run, zone, say, language)}
<div class="halves">
${ledgerView(ledger, run, say, language)}
${floorView(floor, run.status === 'running', say, language)}
</div>
${issuesView(details, zone, say, language)}
${pagesView(run, pages, zone, say, language)}
${logView(log, zone, say, language)}`;
  return { title: say.runOf(entityWord(run.entity, language), `${run.source} / ${run.account}`), body };
}

function factsView(run: RunRow, zone: string, say: RunWords, language: Visit['language']): Html {
  const { source, account, entity, finished_at: ended } = run;
  const took = durationText(+(ended ?? run.heartbeat_at) - +run.started_at, language);
  const extras = [run.hot_set && say.hot, run.confirm_deletes && say.confirmed].filter((text) => text !== false);
  const how = [valueWord(run.mode, say), ...extras].join(', ');
  return html`
<section id="facts" data-live aria-label="${say.facts}">
${run.error && html`<div class="notice bad"><p><strong>${say.error}:</strong> ${run.error}</p></div>`}
<dl class="strip facts-of-run">
${fact(say.status, statusElement(run.status, language))}
${fact(say.began, timeElement(run.started_at, zone, language))}
${ended && fact(say.ended, timeElement(ended, zone, language))}
${fact(say.took, ended ? took : `${took}, ${say.soFar}`)}
${fact(say.trigger, valueWord(run.trigger, say))}
${fact(say.mode, how)}
${run.period && fact(say.period, run.period.replace('..', ' – '))}
${fact(say.id, html`<code>${run.id}</code>`)}
</dl>
<p class="links"><a href="${pathTo('/runs', { source, account, entity })}">${say.otherRuns}</a></p>
</section>`;
}

const fact = (name: string, value: HtmlValue) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
