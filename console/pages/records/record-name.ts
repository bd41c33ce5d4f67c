import { nounOf } from '../../../reports/words/nouns.ts';
import { commonWords, wordFor } from '../../../words/common.ts';
import type { Language } from '../../../words/dictionary.ts';
import { type RecordName, recordPath } from '../../page/addresses.ts';
import { type Html, html } from '../../page/html.ts';

/** `booking 450490` */
export function recordName({ entity, external_id: id }: Omit<RecordName, 'source'>, language: Language): string {
  return `${nounOf(language, entity)} ${id}`;
}

export function recordLink(record: RecordName, language: Language): Html {
  return html`<a href="${recordPath(record)}">${recordName(record, language)}</a>`;
}

/** Classes of style.css: what a state means for those who wait for the record. */
const TONES: Record<string, string> = { applied: 'succeeded', parked: 'partial', quarantined: 'failed' };

export function stateBadge(state: string, language: Language): Html {
  return html`<span class="status ${TONES[state] ?? 'running'}">${wordFor(state, commonWords(language))}</span>`;
}
