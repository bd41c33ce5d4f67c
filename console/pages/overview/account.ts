import { type Html, html } from '../../../words/html.ts';
import { ageElement } from '../../page/age-element.ts';
import { lightElement } from '../../page/light.ts';
import { idOf, pathTo } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import { accountForm, formId } from './account-form.ts';
import { budgetMeters } from './budget-meters.ts';
import { entityTable } from './entity-table.ts';
import type { ShownAccount, ShownEntity } from './read.ts';
import { reasonsText } from './summary.ts';
import { oldestText } from './tiles.ts';
import type { Drawing } from './words.ts';

/** An account: one line, and behind it everything about its entities. */
export function accountView(
  source: string,
  account: ShownAccount,
  { open, drawing, visit }: { open: boolean; drawing: Drawing; visit: Visit },
): Html {
  const { say } = drawing;
  const { account: name, entities, paused } = account;
  const worst = worstOf(account);
  const count = (of: 'rows' | 'open_issues') => entities.reduce((total, entity) => total + entity[of], 0);
  const issues = count('open_issues');
  return html`
<details class="account" id="${idOf('account', source, name)}"${open && html` open`}>
<summary>${accountLight(account, drawing)} <strong>${name}</strong>
<span class="why">${worst && reasonsText(worst, drawing)}</span>
<span class="sum">${say.accountRows(count('rows'))}${issues > 0 && html` · ${say.accountIssues(issues)}`}</span></summary>
${paused && pausedNotice(paused, { source, account, drawing, visit })}
<dl class="strip">
${budgetMeters(account.budgets, drawing)}
${queueText(account, drawing)}
</dl>
${entityTable(source, account, drawing, visit)}
<div class="foot"><p class="links"><a href="${pathTo('/runs', { source, account: name })}">${say.runsOf}</a>
<a href="${pathTo('/issues', { source, account: name })}">${say.issuesOf}</a>
<a href="${pathTo('/', { source, account: name })}">${say.onlyThis(name)}</a></p>
${visit.mayChange && accountForm(source, account, drawing, visit)}</div>
</details>`;
}

/** An account that is paused says so, whatever else there is. */
function accountLight({ light, paused }: ShownAccount, { say, language }: Drawing): Html {
  return lightElement(light, language, paused ? say.paused : undefined);
}

/** The entity that its light comes from. */
export function worstOf({ light, entities }: ShownAccount): ShownEntity | undefined {
  return entities.find(({ verdict }) => verdict.light === light);
}

interface Surroundings {
  source: string;
  account: ShownAccount;
  drawing: Drawing;
  visit: Visit;
}

function pausedNotice(
  { actor, at, reason }: NonNullable<ShownAccount['paused']>,
  { source, account, drawing: { say, now, language }, visit }: Surroundings,
): Html {
  return html`
<div class="notice plain row"><p>${say.pausedBy(actor)}, ${ageElement(at, now, account.timezone, language)}${reason && html`: ${reason}`}</p>
${visit.mayChange && html`<button form="${formId(source, account.account)}" formaction="/resume" aria-label="${say.resumeOf(`${source} / ${account.account}`)}">${say.resume}</button>`}</div>`;
}

function queueText({ queues }: ShownAccount, drawing: Drawing): Html {
  const { say } = drawing;
  const sum = (of: 'waiting' | 'active') => (queues ?? []).reduce((total, queue) => total + queue[of], 0);
  const oldest = queues && oldestText(queues, drawing);
  const text = queues ? `${say.queueText(sum('waiting'), sum('active'))}${oldest ? `, ${oldest}` : ''}` : say.unknown;
  return html`<div><dt>${say.queue}</dt><dd>${text}</dd></div>`;
}
