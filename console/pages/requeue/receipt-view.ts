import type { ReceiptRecord, RequeueReceipt } from '../../../operations/receipt.ts';
import { commonWords, wordFor } from '../../../words/common.ts';
import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { runPath } from '../../page/addresses.ts';
import { timeAndAge } from '../../page/age-element.ts';
import { pathTo } from '../../page/path-to.ts';
import { numberText } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { receiptRecords } from './receipt-records.ts';
import { unknownIds } from './unknown-ids.ts';
import { requeueWords } from './words.ts';

export interface ReceiptQuery {
  cursor?: string | undefined;
  unwell?: boolean | undefined;
}

/** What becomes of what was put back into the line; it fills in while somebody looks. */
export function receiptView(receipt: RequeueReceipt, visit: Visit, query: ReceiptQuery, zone: string): PageView {
  const { language, at } = visit;
  const say = requeueWords(language);
  const { id, counts, runs, unknown, unknown_count: unknownCount, next } = receipt;
  const address = (more: ReceiptQuery) =>
    pathTo(`/requeue/${id}`, { unwell: more.unwell && 'on', cursor: more.cursor });
  const body = html`
<p><a href="/requeue">${say.back}</a></p>
<div id="receipt" data-live>
${outcome(receipt, visit)}
<dl class="strip">
<div><dt>${say.when}</dt><dd>${timeAndAge(receipt.at, at, zone, language)}</dd></div>
<div><dt>${say.who}</dt><dd>${receipt.actor}</dd></div>
${receipt.reason && html`<div><dt>${say.reason}</dt><dd>${receipt.reason}</dd></div>`}
<div><dt>${say.read}</dt><dd>${receipt.refetch ? say.yes : say.no}</dd></div>
${runs.length > 0 && html`<div><dt>${say.runs}</dt><dd>${runs.map((run) => html`<a href="${runPath(run.id)}">${run.account}, ${entityWord(run.entity, language)}</a> <span class="status ${run.status}">${wordFor(run.status, commonWords(language))}</span> `)}</dd></div>`}
</dl>
${tiles(counts, visit)}
<nav class="switch" aria-label="${say.shown}"><a href="${address({})}"${!query.unwell && html` aria-current="page"`}>${say.all}</a><a href="${address({ unwell: true })}"${query.unwell && html` aria-current="page"`}>${say.unwell}</a></nav>
${receiptRecords(receipt, visit)}
${next && html`<p><a href="${address({ ...query, cursor: next })}">${say.next}</a></p>`}
${unknownCount > 0 && html`<h2>${say.unknown}</h2>${unknownIds({ source: receipt.source, entity: entityOf(receipt.records), unknown, count: unknownCount }, visit)}`}
</div>`;
  return { title: say.receiptTitle(id), body };
}

function outcome({ done, counts }: RequeueReceipt, { language }: Visit): Html {
  const say = requeueWords(language);
  const { records, applied, under_way: left } = counts;
  const tone = done ? (applied === records ? 'succeeded' : 'partial') : 'running';
  return html`
<p role="status"><span class="status ${tone}">${done ? say.done : say.underWay}</span> ${done ? say.doneText(applied, records) : say.underWayText(left, records)}</p>
<progress max="${records}" value="${records - left}" aria-label="${say.progress}"></progress>`;
}

function tiles(counts: RequeueReceipt['counts'], { language }: Visit): Html {
  const say = requeueWords(language);
  const all: [string, number][] = [
    [say.applied, counts.applied],
    [say.withoutParent, counts.without_parent],
    [say.parked, counts.parked],
    [say.quarantined, counts.quarantined],
    [say.gone, counts.gone],
    [say.left, counts.under_way],
  ];
  return html`
<dl class="tiles">${all.map(([name, n]) => html`<div><dt>${name}</dt><dd${n === 0 && html` class="zero"`}>${numberText(n, language)}</dd></div>`)}</dl>`;
}

function entityOf([first]: readonly ReceiptRecord[]): string {
  return first?.entity ?? 'bookings';
}
