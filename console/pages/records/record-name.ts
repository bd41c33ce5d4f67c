import { nounOf } from '../../../reports/words/nouns.ts';
import { commonWords, wordFor } from '../../../words/common.ts';
import { dictionary, type Language } from '../../../words/dictionary.ts';
import { type Html, html } from '../../../words/html.ts';
import { type RecordName, recordPath } from '../../page/addresses.ts';

const words = dictionary({
  en: { number: (number: string) => `no. ${number}` },
  ru: { number: (number: string) => `№ ${number}` },
});

/** `booking 450490` */
export function recordName({ entity, external_id: id }: Omit<RecordName, 'source'>, language: Language): string {
  return `${nounOf(language, entity)} ${id}`;
}

/** The same at the beginning of a line. */
export function titleOf(record: Omit<RecordName, 'source'>, language: Language): string {
  const name = recordName(record, language);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function recordLink(record: RecordName, language: Language): Html {
  return html`<a href="${recordPath(record)}">${recordName(record, language)}</a>`;
}

/** A record as the first cell of a row: its name, what staff knows it by, its account. */
export function recordHeading(
  record: RecordName & { number: string | null; account: string },
  language: Language,
): Html {
  const { number, account } = record;
  return html`${recordLink(record, language)}<small>${number !== null && `${words(language).number(number)} · `}${account}</small>`;
}

/** Classes of style.css: what a state means for those who wait for the record. */
const TONES: Record<string, string> = {
  applied: 'succeeded',
  pending: 'running',
  listed: 'running',
  parked: 'partial',
  quarantined: 'failed',
};

/** `lacks`: it is stored, but without something it refers to. */
export function stateBadge(state: string, language: Language, { lacks = false } = {}): Html {
  const tone = state === 'applied' && lacks ? 'partial' : (TONES[state] ?? 'plain');
  return html`<span class="status ${tone}">${wordFor(state, commonWords(language))}</span>`;
}
