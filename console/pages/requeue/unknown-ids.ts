import type { NearMiss } from '../../../db/near-misses.ts';
import type { UnknownId } from '../../../operations/preview-requeue.ts';
import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { recordPath } from '../../page/addresses.ts';
import type { Visit } from '../../page/visit.ts';
import { requeueWords } from './words.ts';

const MOST_SHOWN = 200;

/** Ids that nothing is known by, each with what it may have meant. */
export function unknownIds(
  { source, entity, unknown, count }: { source: string; entity: string; unknown: readonly UnknownId[]; count: number },
  { language }: Visit,
): Html {
  const say = requeueWords(language);
  const shown = unknown.slice(0, MOST_SHOWN);
  return html`
<ul>${shown.map(
    ({ external_id: id, near_misses: misses }) => html`
<li><code>${id}</code>${misses.map((miss, i) => html`${i === 0 ? ': ' : '; '}${missText({ source, entity }, miss, language)}`)}</li>`,
  )}
${count > shown.length && html`<li>${say.more(count - shown.length)}</li>`}
</ul>`;
}

function missText(asked: { source: string; entity: string }, miss: NearMiss, language: Visit['language']): Html {
  const say = requeueWords(language);
  const link = (of: { source?: string; entity?: string }, text: string) =>
    html`<a href="${recordPath({ ...asked, ...of, external_id: miss.external_id })}">${text}</a>`;
  switch (miss.kind) {
    case 'other entity':
      return link(miss, say.otherEntity(entityWord(miss.entity, language)));
    case 'other source':
      return link(miss, say.otherSource(miss.source));
    case 'other account':
      return link({}, say.otherAccount(miss.account));
    case 'booking number':
      return link({}, say.bookingNumber(miss.external_id, miss.account));
  }
}
