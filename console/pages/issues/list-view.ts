import { kindText } from '../../../reports/report-rows.ts';
import { sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { recordPath } from '../../page/addresses.ts';
import { ageElement } from '../../page/age-element.ts';
import { pathTo } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import { causeText } from './cause-text.ts';
import { issueFilters } from './filters.ts';
import { type IssuesQuery, isFiltered } from './query.ts';
import type { IssuesPage, ShownGroup } from './read.ts';
import { issuesWords } from './words.ts';

/** Issues by their causes: what each means, and what can be done about all of it at once. */
export function issuesView(data: IssuesPage, visit: Visit, query: IssuesQuery, zoneOf: ZoneOf): PageView {
  const say = issuesWords(visit.language);
  const { rows, next, places } = data;
  const body = html`
${issueFilters(query, places, visit)}
<div id="causes" data-live>
<p class="row"><strong>${rows.length > 0 && say.found(rows.length, next !== null)}</strong>
${visit.mayChange && html`<a href="/requeue">${say.requeueList}</a>`}</p>
${rows.map((group) => causeCard(group, visit, query, zoneOf))}
${rows.length === 0 && nothing(query, visit)}
${next && html`<p><a href="${pathTo('/issues', { ...query, cursor: next })}">${say.next}</a></p>`}
</div>`;
  return { title: say.title, body };
}

export type ZoneOf = (source: string, account: string) => string;

function causeCard(group: ShownGroup, visit: Visit, { state }: IssuesQuery, zoneOf: ZoneOf): Html {
  const { language, at } = visit;
  const say = issuesWords(language);
  const { cause, accounts, source, source_title, first_opened_at: first, last_opened_at: last } = group;
  const title = sourceWord(source_title, language);
  const text = causeText(group, title, language);
  const zone = zoneOf(source, accounts[0] ?? '');
  const address = pathTo(`/issues/${cause}`, { state });
  return html`
<article class="card cause" id="cause-${cause}">
<h2><a href="${address}">${text.title}</a></h2>
<p>${text.means}</p>
<dl class="strip">
<div><dt>${say.kind}</dt><dd>${kindText(group.kind, language)}</dd></div>
<div><dt>${accounts.length > 1 ? say.accounts : say.accountOne}</dt><dd>${title}: ${accounts.join(', ')}</dd></div>
<div><dt>${say.since}</dt><dd>${ageElement(first, at, zone, language)}</dd></div>
${+last !== +first && html`<div><dt>${say.last}</dt><dd>${ageElement(last, at, zone, language)}</dd></div>`}
${group.external_ids.length > 0 && html`<div><dt>${say.records}</dt><dd>${someRecords(group, visit)}</dd></div>`}
</dl>
<details class="more" id="todo-${cause}"><summary>${say.todo}</summary><p>${text.todo}</p>
<p><a href="${address}">${group.external_ids.length > 0 ? say.showRecords : say.showIssue}</a></p></details>
</article>`;
}

function someRecords({ source, entities, external_ids: ids, count, kind }: ShownGroup, { language }: Visit): Html {
  const say = issuesWords(language);
  const entity = entities.length === 1 && kind !== 'delete_brake' ? entities[0] : undefined;
  const names = ids.map((id, i) => {
    const name = entity ? html`<a href="${recordPath({ source, entity, external_id: id })}">${id}</a>` : id;
    return html`${i > 0 && ', '}${name}`;
  });
  return html`${names}${count > ids.length && ` ${say.andMore(count - ids.length)}`}`;
}

function nothing(query: IssuesQuery, { language }: Visit): Html {
  const say = issuesWords(language);
  const narrowed = isFiltered(query);
  return html`
<div class="empty"><p><strong>${narrowed ? say.nothingSuch : say.nothing}</strong></p>
<p>${narrowed ? say.nothingSuchHint : say.nothingHint}</p></div>`;
}
