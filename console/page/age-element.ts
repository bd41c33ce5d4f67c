import { commonWords, span } from '../../words/common.ts';
import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import { dateTimeText, timeElement } from './time-text.ts';

/** `3 min ago`, with the moment itself, in the account's zone, where the pointer rests. `now`: the database's clock. */
export function ageElement(at: Date, now: Date, timeZone: string, language: Language): Html {
  const words = commonWords(language);
  const text = words.ago(span(+now - +at, words));
  return html`<time datetime="${at.toISOString()}" title="${dateTimeText(at, timeZone, language)}">${text}</time>`;
}

/** The moment, and how long ago that is. */
export function timeAndAge(at: Date, now: Date, timeZone: string, language: Language): Html {
  const words = commonWords(language);
  return html`${timeElement(at, timeZone, language)} <span class="quiet-text">(${words.ago(span(+now - +at, words))})</span>`;
}
