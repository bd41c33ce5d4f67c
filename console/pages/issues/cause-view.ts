import { sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { ageElement } from '../../page/age-element.ts';
import { pathTo } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import { recordLink } from '../records/record-name.ts';
import { causeForm } from './cause-form.ts';
import { causeText } from './cause-text.ts';
import { issueTable } from './issue-table.ts';
import type { ZoneOf } from './list-view.ts';
import { type IssuesQuery, STATES } from './query.ts';
import type { CausePage } from './read.ts';
import { issuesWords } from './words.ts';

/** What a button has led to, if it did nothing else. */
export interface CauseNotice {
  said?: string | undefined;
  n?: number | undefined;
}

/** One cause: its records, to choose from, and what to do with them. */
export function causeView(data: CausePage, visit: Visit, query: IssuesQuery & CauseNotice, zoneOf: ZoneOf): PageView {
  const { language, at, mayChange } = visit;
  const say = issuesWords(language);
  const { group, open, issues } = data;
  const text = causeText(group, sourceWord(group.source_title, language), language);
  const zone = zoneOf(group.source, group.accounts[0] ?? '');
  const body = html`
<p><a href="/issues">${say.back}</a></p>
${notice(query, visit)}
<dl class="facts">
<dt>${say.means}</dt><dd>${text.means}</dd>
<dt>${say.todo}</dt><dd>${text.todo}</dd>
${group.parent && html`<dt>${say.missing}</dt><dd>${recordLink({ source: group.source, ...group.parent }, language)}</dd>`}
<dt>${say.message}</dt><dd>${group.message}</dd>
<dt>${say.since}</dt><dd>${ageElement(group.first_opened_at, at, zone, language)}</dd>
</dl>
${stateSwitch(group.cause, query, visit)}
<div id="issues" data-live>
${
  issues.rows.length === 0
    ? html`<div class="empty"><p><strong>${open === 0 ? say.healed : say.nothingSuch}</strong></p>
<p>${open === 0 ? say.healedHint : say.nothingSuchHint}</p></div>`
    : mayChange && (query.state ?? 'open') === 'open'
      ? causeForm(data, visit, zoneOf)
      : issueTable(data, visit, zoneOf, { choose: false })
}
${issues.next && html`<p><a href="${pathTo(`/issues/${group.cause}`, { state: query.state, cursor: issues.next })}">${say.next}</a></p>`}
</div>`;
  return { title: text.title, body };
}

function stateSwitch(cause: string, { state: chosen = 'open' }: IssuesQuery, { language }: Visit): Html {
  const say = issuesWords(language);
  return html`
<nav class="switch" aria-label="${say.state}">${STATES.map(
    (state) =>
      html`<a href="${pathTo(`/issues/${cause}`, { state })}"${state === chosen && html` aria-current="page"`}>${say[state]}</a>`,
  )}</nav>`;
}

function notice({ said, n = 0 }: CauseNotice, { language }: Visit): Html | false {
  const say = issuesWords(language);
  if (said === 'dismissed') return html`<p class="notice good" role="status">${say.dismissed(n)}</p>`;
  if (said === 'nothing-chosen') return html`<p class="notice warn" role="alert">${say.nothingChosen}</p>`;
  if (said === 'needs-reason') return html`<p class="notice warn" role="alert">${say.needsReason}</p>`;
  return false;
}
