import { sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { timeAndAge } from '../../page/age-element.ts';
import { numberText } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import type { RecordPage, ShownStory } from './read-record.ts';
import { recordName } from './record-name.ts';
import { recordWords } from './words.ts';

/** What the state of a record means, in a sentence. */
export function stateSentence({ record, table, parents }: ShownStory, { language }: Visit): string {
  const say = recordWords(language);
  const names = parents.map((parent) => recordName(parent, language)).join(', ');
  switch (record.state) {
    case 'applied':
      return record.waits_for ? say.appliedWithout(names) : say.applied(table);
    case 'parked':
      return say.parked(names);
    case 'quarantined':
      return say.quarantined;
    case 'listed':
      return record.trail ? say.lookedFor : say.listed;
    case 'gone':
      return record.deleted_at ? say.deleted : say.gone;
    default:
      return say.pending;
  }
}

export function storyFacts(
  { source_title }: RecordPage,
  { record, number }: ShownStory,
  zone: string,
  visit: Visit,
): Html {
  const { language, at } = visit;
  const say = recordWords(language);
  const time = (moment: Date | null) => (moment ? timeAndAge(moment, at, zone, language) : say.never);
  const read = record.state !== 'listed' && record.state !== 'gone';
  const facts: [string, Html | string | false | null][] = [
    [say.number, number],
    [say.source, sourceWord(source_title, language)],
    [say.account, record.account],
    [say.version, read && say.versionText(record.version, record.source_version)],
    [say.read, read && time(record.fetched_at)],
    [say.stored, record.state !== 'listed' && time(record.applied_at)],
    [say.deletedAt, record.deleted_at && time(record.deleted_at)],
    [say.due, record.due_at && record.due_at > at && time(record.due_at)],
    [say.attempts, record.attempts > 1 && say.attemptsText(numberText(record.attempts, language))],
    [say.partial, record.is_partial && say.partialText],
    [say.error, record.last_error],
  ];
  return html`
<dl class="facts">${facts.flatMap(([name, value]) =>
    value
      ? [
          html`
<dt>${name}</dt><dd>${value}</dd>`,
        ]
      : [],
  )}
</dl>`;
}
