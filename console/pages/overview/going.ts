import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { ageElement } from '../../page/age-element.ts';
import type { OverviewData } from './read.ts';
import type { Drawing } from './words.ts';

const MOST_SHOWN = 12;

/** The runs that are going on, with how far they are. */
export function going({ running, sources }: OverviewData, { say, language, now }: Drawing): Html {
  const zones = new Map(
    sources.flatMap(({ source, accounts }) => accounts.map((each) => [`${source} ${each.account}`, each.timezone])),
  );
  return html`
<section id="going" data-live aria-labelledby="going-title"${running.length === 0 && html` hidden`}>
<h2 id="going-title">${say.going}</h2>
<ul class="going">${running.slice(0, MOST_SHOWN).map(
    ({ id, source, account, entity, fetched, pages_open, pending, started_at }) => html`
<li id="going-${id}"><a href="/runs/${id}">${say.goingRun(entityWord(entity, language), `${source} / ${account}`)}</a>
<span>${say.goingCounts(fetched, pages_open)}${pending > 0 && `, ${say.goingPending(pending)}`}</span>
<span class="quiet-text">${say.since} ${ageElement(started_at, now, zones.get(`${source} ${account}`) ?? 'UTC', language)}</span></li>`,
  )}</ul>
</section>`;
}
