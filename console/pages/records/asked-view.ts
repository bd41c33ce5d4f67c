import type { LiveAnswer } from '../../../operations/ask-now.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { recordPath } from '../../page/addresses.ts';
import { numberText } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { recordActionWords } from './action-words.ts';
import type { RecordParams } from './read-record.ts';
import { titleOf } from './record-name.ts';

/** What each account says of the record at this moment. */
export function askedView(
  answers: readonly LiveAnswer[],
  visit: Visit,
  { source, entity, id }: RecordParams,
): PageView {
  const { language } = visit;
  const say = recordActionWords(language);
  const record = { source, entity, external_id: id };
  const isDifferent = answers.some(({ different }) => different !== null && different.length > 0);
  const body = html`
<p><a href="${recordPath(record)}">${say.back}</a></p>
<p>${say.askedNote}</p>
<div class="scroll" role="region" aria-label="${say.answer}" tabindex="0">
<table>
<thead><tr><th scope="col">${say.account}</th><th scope="col">${say.answer}</th><th scope="col">${say.cost}</th></tr></thead>
<tbody>${answers.map(
    (answer) => html`
<tr><th scope="row">${answer.account}</th><td>${answerText(answer, visit)}</td>
<td>${say.costText(numberText(answer.requests, language), numberText(answer.latency_ms, language))}</td></tr>`,
  )}
</tbody>
</table>
</div>
${isDifferent && html`<p>${say.takeIt}</p>`}`;
  return { title: say.askedTitle(titleOf(record, language)), body };
}

function answerText({ answer, note, different }: LiveAnswer, { language }: Visit): Html {
  const say = recordActionWords(language);
  if (answer === 'error') return html`<span class="status failed">${say.error}</span><p>${note}</p>`;
  if (answer === 'absent') return html`<span class="status partial">${say.absent}</span><p>${note}</p>`;
  const compared =
    different === null ? say.noCompare : different.length === 0 ? say.same : say.differs(different.join(', '));
  return html`<span class="status succeeded">${say.found}</span><p>${compared}</p>`;
}
