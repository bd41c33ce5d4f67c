import { type Html, html } from '../../../words/html.ts';
import { type RecordName, recordPath } from '../../page/addresses.ts';
import { csrfField } from '../../page/layout.ts';
import type { Visit } from '../../page/visit.ts';
import { recordActionWords } from './action-words.ts';

/** What somebody may do with a record. `id`: of the part of the page, for ids of its own. */
export function actionForms({ record, account, canBeAsked, isRead, id }: ActionPlace, visit: Visit): Html | false {
  if (!visit.mayChange) return false;
  const say = recordActionWords(visit.language);
  const form = (action: string, body: Html) => html`
<form method="post" action="${recordPath(record)}/${action}" class="tall">
${csrfField(visit)}${account !== undefined && html`<input type="hidden" name="account" value="${account}">`}
${body}
</form>`;
  const reason = html`<label>${say.reason}<input name="reason" maxlength="500" autocomplete="off"></label>`;
  return html`
<article class="card" aria-labelledby="actions-${id}">
<h2 id="actions-${id}">${say.title}</h2>
<details id="requeue-${id}" name="actions-${id}"><summary>${say.requeue}</summary>
<p>${say.requeueWhat}</p>
${form(
  'requeue',
  html`${canBeAsked && html`<label class="tick"><input type="checkbox" name="refetch"> ${say.readAgain}</label>`}
${reason}<button>${say.requeue}</button>`,
)}
</details>
<details id="ask-${id}" name="actions-${id}"><summary>${say.ask}</summary>
${canBeAsked ? html`<p>${say.askWhat}</p>${form('ask', html`<button>${say.ask}</button>`)}` : html`<p>${say.cannotAsk}</p>`}
</details>
${
  isRead &&
  html`<details id="reveal-${id}" name="actions-${id}"><summary>${say.reveal}</summary>
<p>${say.revealWhat}</p>
${form(
  'reveal',
  html`<label>${say.revealReason}<input name="reason" required maxlength="500" autocomplete="off"></label>
<button>${say.revealButton}</button>`,
)}
</details>`
}
</article>`;
}

export interface ActionPlace {
  record: RecordName;
  /** Given where the id stands for several records. */
  account: string | undefined;
  canBeAsked: boolean;
  /** Whether there is a payload. */
  isRead: boolean;
  id: string;
}
