import type { ListedIssue } from '../../../operations/issues.ts';
import { type Html, html } from '../../../words/html.ts';
import { runPath } from '../../page/addresses.ts';
import { numberText, shortTime } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { recordHeading, recordName, stateBadge } from '../records/record-name.ts';
import type { ZoneOf } from './list-view.ts';
import type { CausePage } from './read.ts';
import { issuesWords } from './words.ts';

/** The issues of a cause, one a row. `choose`: with boxes to tick, for a form around it. */
export function issueTable(
  { group, issues: { rows } }: CausePage,
  visit: Visit,
  zoneOf: ZoneOf,
  { choose }: { choose: boolean },
): Html {
  const { language } = visit;
  const say = issuesWords(language);
  const [title, caption] = rows.some(isRecord) ? [say.record, say.caption] : [say.list, say.captionLists];
  const withStates = rows.some((row) => row.state !== null);
  const withReasons = rows.some((row) => row.message !== group.message);
  const withEnds = rows.some((row) => row.resolved_at !== null);
  return html`
<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<thead><tr>
${choose && html`<th scope="col"><input type="checkbox" data-select-all="issues" aria-label="${say.selectAll}" hidden></th>`}
<th scope="col">${title}</th>${withStates && html`<th scope="col">${say.now}</th>`}<th scope="col">${say.opened}</th>${withEnds && html`<th scope="col">${say.closed}</th>`}
<th scope="col" class="number">${say.met}</th>${withReasons && html`<th scope="col">${say.why}</th>`}
</tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr id="issue-${row.id}">${choose && html`<td>${isRecord(row) && html`<input type="checkbox" name="issues" value="${row.id}" aria-label="${say.select(nameOf(row, visit))}">`}</td>`}
<th scope="row">${headingOf(row, group.source, visit)}</th>
${withStates && html`<td>${row.state && stateBadge(row.state, language, { lacks: row.waits_for !== null })}${row.last_error && html`<p>${row.last_error}</p>`}</td>`}
<td>${row.run_id ? html`<a href="${runPath(row.run_id)}">${shortTime(row.opened_at, zoneOf(group.source, row.account), language)}</a>` : shortTime(row.opened_at, zoneOf(group.source, row.account), language)}</td>
${withEnds && html`<td>${row.resolved_at && shortTime(row.resolved_at, zoneOf(group.source, row.account), language)}${row.resolution && html`<p>${row.resolution}</p>`}</td>`}
<td class="number">${numberText(row.attempts, language)}×</td>
${withReasons && html`<td class="words"><p>${row.message}</p></td>`}</tr>`,
  )}
</tbody>
</table>
</div>`;
}

/** What is put back into the line by its id. The brake's issues name a page, a listing's nothing. */
export function isRecord({ external_id: id, kind }: ListedIssue): boolean {
  return id !== null && kind !== 'delete_brake';
}

function headingOf(row: ListedIssue, source: string, visit: Visit): Html {
  if (!isRecord(row)) return html`${nameOf(row, visit)}<small>${row.account}</small>`;
  return recordHeading({ ...row, source, external_id: row.external_id ?? '' }, visit.language);
}

function nameOf(row: ListedIssue, { language }: Visit): string {
  const say = issuesWords(language);
  if (isRecord(row)) return recordName({ entity: row.entity, external_id: row.external_id ?? '' }, language);
  return row.external_id === null ? `${row.entity}: ${say.wholeList}` : `${row.entity}: ${say.page} ${row.external_id}`;
}
