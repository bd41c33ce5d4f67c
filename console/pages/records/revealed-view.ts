import type { RevealedRecord } from '../../../operations/reveal-payload.ts';
import { html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { recordPath } from '../../page/addresses.ts';
import { timeElement } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { recordActionWords } from './action-words.ts';
import type { RecordParams } from './read-record.ts';
import { titleOf } from './record-name.ts';

export interface Revealed {
  records: RevealedRecord[];
  refused?: 'needs-reason' | undefined;
}

/** The payload with everything in it, shown once. */
export function revealedView(
  { records, refused }: Revealed,
  visit: Visit,
  { source, entity, id }: RecordParams,
): PageView {
  const { language, visitor, at } = visit;
  const say = recordActionWords(language);
  const record = { source, entity, external_id: id };
  const body = html`
<p><a href="${recordPath(record)}">${say.back}</a></p>
${refused && html`<p class="notice warn" role="alert">${say.needsReason}</p>`}
${!refused && records.length === 0 && html`<p class="notice plain">${say.nothingToShow}</p>`}
${
  records.length > 0 &&
  html`<div class="notice warn"><p>${say.revealedNote}</p><p>${say.revealedBy(visitor.actor)}${timeElement(at, 'UTC', language)}</p></div>`
}
${records.map(
  ({ account, payload }) => html`
<section aria-labelledby="payload-${account}"><h2 id="payload-${account}">${account}</h2>
<pre>${JSON.stringify(payload, null, 2)}</pre></section>`,
)}`;
  return { title: say.revealedTitle(titleOf(record, language)), body };
}
