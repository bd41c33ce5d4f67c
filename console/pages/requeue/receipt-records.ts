import type { ReceiptRecord, RequeueReceipt } from '../../../operations/receipt.ts';
import { type Html, html } from '../../../words/html.ts';
import type { Visit } from '../../page/visit.ts';
import { recordHeading, stateBadge } from '../records/record-name.ts';
import { stepText, waitText } from './preview-view.ts';
import { requeueWords } from './words.ts';

/** Each record as it was, what was done with it, and as it is. */
export function receiptRecords({ source, records }: RequeueReceipt, { language }: Visit): Html {
  const say = requeueWords(language);
  if (records.length === 0) return html`<div class="empty"><p>${say.nothingUnwell}</p></div>`;
  const titles = [say.record, say.before, say.after, say.note, say.asked];
  return html`
<div class="scroll" role="region" aria-label="${say.records}" tabindex="0">
<table class="pinned">
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${records.map(
    (record) => html`
<tr><th scope="row">${recordHeading({ source, ...record }, language)}</th>
<td>${stateBadge(record.before, language)}</td><td>${after(record, language)}</td><td><p>${notes(record, language)}</p></td>
<td>${stepText(record.step, say)}</td></tr>`,
  )}
</tbody>
</table>
</div>`;
}

function after({ after: state, waits_for: waits, ok }: ReceiptRecord, language: Visit['language']): Html {
  const say = requeueWords(language);
  if (state === null) return html`<span class="status running">${say.deleted}</span>`;
  if (ok === null && state === 'applied') return html`<span class="status running">${say.waiting}</span>`;
  return stateBadge(state, language, { lacks: waits !== null });
}

function notes(record: ReceiptRecord, language: Visit['language']): string {
  const say = requeueWords(language);
  const { after: state, waits_for: waits, error, source_says: answer } = record;
  const parts: string[] = [];
  if (answer === 'absent') parts.push(say.saysAbsent);
  else if (typeof answer === 'object') parts.push(answer.failed);
  const names = waitText(waits, language);
  if (names !== '') parts.push(state === 'applied' ? say.without(names) : say.waits(names));
  if (error !== null) parts.push(error);
  return parts.join('; ');
}
