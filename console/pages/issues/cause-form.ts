import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { csrfField } from '../../page/layout.ts';
import { pathTo } from '../../page/path-to.ts';
import { numberText } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { isRecord, issueTable } from './issue-table.ts';
import type { ZoneOf } from './list-view.ts';
import type { CausePage } from './read.ts';
import { issuesWords } from './words.ts';

/** The open issues of a cause with boxes to tick, and what can be done with those that are ticked. */
export function causeForm(data: CausePage, visit: Visit, zoneOf: ZoneOf): Html {
  const { language } = visit;
  const say = issuesWords(language);
  const { group, open, issues } = data;
  const ofRecords = issues.rows.some(isRecord);
  if (!ofRecords)
    return html`${issueTable(data, visit, zoneOf, { choose: false })}${group.kind !== 'delete_brake' && listings(data, visit)}${dismissForm(data, visit)}`;
  const action = `/issues/${group.cause}`;
  return html`
<form method="post" action="${action}/requeue" class="choose">
${csrfField(visit)}
${issueTable(data, visit, zoneOf, { choose: true })}
<div class="row">
${open > issues.rows.length && html`<label class="tick"><input type="checkbox" name="all" data-selects-everything="${numberText(open, language)}"> ${say.everyOne(numberText(open, language))}</label>`}
<span class="quiet-text">${say.chosen}: <output data-selected-count>–</output></span>
</div>
<fieldset class="actions">
<label>${say.reason}
<input name="reason" maxlength="500" placeholder="${say.reasonHint}" autocomplete="off"></label>
<label class="tick"><input type="checkbox" name="refetch"> <span>${say.refetch}<small>${say.refetchHint}</small></span></label>
<button formnovalidate data-needs-selection>${say.requeue}</button>
</fieldset>
<details class="more" id="dismiss">
<summary>${say.dismissWhat}</summary>
<p>${say.dismissHint}</p>
<fieldset class="actions">
<label>${say.dismissReason}
<input name="dismiss_reason" required maxlength="500" autocomplete="off"></label>
<button class="quiet" formaction="${action}/dismiss" data-needs-selection>${say.dismiss}</button>
</fieldset>
</details>
</form>`;
}

/** Of whole lists: a run answers them. */
function listings({ group, issues }: CausePage, visit: Visit): Html {
  const say = issuesWords(visit.language);
  const { source, cause } = group;
  const places = Map.groupBy(issues.rows, ({ account, entity }) => `${account} ${entity}`);
  return html`
<p>${say.runAgain}</p>
<div class="actions">${[...places.values()].map(([row]) => {
    const { account = '', entity = '' } = row ?? {};
    return html`
<form method="post" action="/run">${csrfField(visit)}
<input type="hidden" name="source" value="${source}"><input type="hidden" name="account" value="${account}">
<input type="hidden" name="entity" value="${entity}"><input type="hidden" name="back" value="/issues/${cause}">
<button>${say.runNow(account, entityWord(entity, visit.language))}</button></form>
<a href="${pathTo('/runs', { source, account, entity })}">${say.runs}</a>`;
  })}
</div>`;
}

function dismissForm({ group, issues }: CausePage, visit: Visit): Html {
  const say = issuesWords(visit.language);
  return html`
<details class="more" id="dismiss">
<summary>${say.dismissWhat}</summary>
<form method="post" action="/issues/${group.cause}/dismiss" class="actions">
${csrfField(visit)}${issues.rows.map(({ id }) => html`<input type="hidden" name="issues" value="${id}">`)}
<label>${say.dismissReason}
<input name="dismiss_reason" required maxlength="500" autocomplete="off"></label>
<button class="quiet">${say.dismiss}</button>
</form>
</details>`;
}
