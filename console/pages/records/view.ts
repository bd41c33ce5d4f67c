import type { NearMiss } from '../../../db/near-misses.ts';
import { WHOLE_SOURCE } from '../../../db/record-key.ts';
import { pmsync } from '../../../reports/command.ts';
import { sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { recordPath } from '../../page/addresses.ts';
import { idOf } from '../../page/path-to.ts';
import { timeElement } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { actionForms } from './action-forms.ts';
import { isShown, maskedTable } from './masked-table.ts';
import type { RecordPage, ShownStory } from './read-record.ts';
import { recordLink, recordName, stateBadge, titleOf } from './record-name.ts';
import { stateSentence, storyFacts } from './story-facts.ts';
import { storyLinks } from './story-links.ts';
import { storyTables } from './story-tables.ts';
import { recordWords } from './words.ts';

/** `zoneOf`: the time zone of an account. */
export function recordView(data: RecordPage, visit: Visit, zoneOf: (account: string) => string): PageView {
  const { language } = visit;
  const body = html`
${keptOut(data, visit, zoneOf)}
${data.stories.length === 0 && unknown(data, visit)}
${data.stories.length > 1 && accountChoice(data, visit)}
${data.stories.map((story) => storyPart(data, story, visit, zoneOf(story.record.account)))}`;
  return { title: `${titleOf(data, language)} · ${sourceWord(data.source_title, language)}`, body };
}

function storyPart(data: RecordPage, story: ShownStory, visit: Visit, zone: string): Html {
  const { language } = visit;
  const say = recordWords(language);
  const { record, row, payload } = story;
  const { account } = record;
  const id = idOf('story', account);
  const several = data.stories.length > 1;
  const actions = {
    record: data,
    account: several ? account : undefined,
    canBeAsked: data.can_be_asked,
    isRead: payload !== null,
    id,
  };
  return html`
<section${several ? html` aria-labelledby="${id}"` : html` aria-label="${account}"`}>
${several && html`<h2 id="${id}">${account}</h2>`}
<div class="beside">
<article class="card" id="${id}-state" data-live>
<p>${stateBadge(record.state, language, { lacks: record.waits_for !== null })} ${stateSentence(story, visit)}</p>
${storyFacts(data, story, zone, visit)}
</article>
${actionForms(actions, visit)}
</div>
<div id="${id}-more" data-live>
${storyLinks(data, story, zone, visit)}
${storyTables(story, zone, visit)}
</div>
${
  row
    ? maskedTable(
        { id: `${id}-row`, title: say.row(story.table, row.filter(isShown).length, row.length), fields: row },
        say,
      )
    : html`<p class="quiet-text">${say.noRow}</p>`
}
${
  payload
    ? maskedTable(
        { id: `${id}-payload`, title: say.payload(payload.filter(isShown).length, payload.length), fields: payload },
        say,
      )
    : html`<p class="quiet-text">${say.noPayload}</p>`
}
</section>`;
}

function accountChoice(data: RecordPage, { language }: Visit): Html {
  const say = recordWords(language);
  return html`
<p>${say.severalAccounts}</p>
<ul>${data.stories.map(
    ({ record: { account } }) => html`
<li><a href="${recordPath(data, account)}">${account}</a></li>`,
  )}
</ul>`;
}

function keptOut(
  { source, entity, external_id: id, kept_out: kept }: RecordPage,
  { language }: Visit,
  zoneOf: (account: string) => string,
): Html[] {
  const say = recordWords(language);
  return kept.map(({ actor, at, scope }) => {
    const zone = scope === WHOLE_SOURCE ? 'UTC' : zoneOf(scope);
    return html`
<div class="notice warn"><p><strong>${say.keptOut(actor)}</strong> ${timeElement(at, zone, language)}</p>
<p>${say.keptOutHint} <code>${pmsync('delete', [entity, id], { source, 'let-in': true })}</code></p></div>`;
  });
}

function unknown(data: RecordPage, { language }: Visit): Html {
  const say = recordWords(language);
  return html`
<div class="empty"><p><strong>${say.unknown(recordName(data, language), data.source_title)}</strong></p>
${
  data.near_misses.length > 0
    ? html`<p>${say.perhaps}</p>
<ul>${data.near_misses.map(
        (miss) => html`
<li>${missLink(data, miss, language)}</li>`,
      )}
</ul>`
    : html`<p>${say.nothingHint}</p>`
}
</div>`;
}

function missLink({ source, entity }: RecordPage, miss: NearMiss, language: Visit['language']): Html {
  const say = recordWords(language);
  const link = (of: { source?: string; entity?: string }) =>
    recordLink({ source, entity, ...of, external_id: miss.external_id }, language);
  switch (miss.kind) {
    case 'other entity':
      return html`${link(miss)}: ${say.otherEntity(miss.entity)}`;
    case 'other source':
      return html`${link(miss)}: ${say.otherSource(miss.source)}`;
    case 'other account':
      return html`${link({})}: ${say.otherAccount(miss.account)}`;
    case 'booking number':
      return html`${link({})}: ${say.bookingNumber(miss.number)}`;
  }
}
