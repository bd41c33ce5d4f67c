import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { csrfField } from '../../page/layout.ts';
import { idOf } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import type { ShownAccount } from './read.ts';
import type { Drawing } from './words.ts';

/** The form that the buttons beside the account's entities belong to. */
export const formId = (source: string, account: string) => idOf('do', source, account);

/** What can be done with an account and its entities. Buttons elsewhere on the page send the first form, too. */
export function accountForm(
  source: string,
  { account, entities }: ShownAccount,
  { say, language }: Drawing,
  visit: Visit,
): Html {
  const ids = (name: string) => idOf(name, source, account);
  const own = entities.filter(({ part_of }) => part_of === null);
  const hidden = html`${csrfField(visit)}<input type="hidden" name="source" value="${source}"><input type="hidden" name="account" value="${account}"><input type="hidden" name="back" value="${visit.url}">`;
  return html`
<form id="${formId(source, account)}" method="post" action="/run" hidden>${hidden}</form>
<details class="more" id="${ids('more')}"><summary>${say.runOrPause}</summary>
<form method="post" action="/run" class="filters">${hidden}
<label for="${ids('what')}">${say.what}<select id="${ids('what')}" name="entity"><option value="">${say.wholeAccount}</option>${own.map(({ entity }) => html`<option value="${entity}">${entityWord(entity, language)}</option>`)}</select></label>
<label for="${ids('reason')}">${say.reason}<input id="${ids('reason')}" name="reason" maxlength="300" autocomplete="off"></label>
<label class="tick" for="${ids('full')}"><input id="${ids('full')}" type="checkbox" name="full"> ${say.full}</label>
<button>${say.runNow}</button>
<button class="quiet" formaction="/pause">${say.pause}</button>
</form></details>`;
}
