import { commonWords, span } from '../../words/common.ts';
import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from './html.ts';
import { timeElement } from './time-text.ts';

/** `3 min ago` */
export function ageText(at: Date, now: Date, language: Language): string {
  const words = commonWords(language);
  return words.ago(span(+now - +at, words));
}

/** A moment in the account's zone, and how long ago that is. */
export function timeAndAge(at: Date, now: Date, timeZone: string, language: Language): Html {
  return html`${timeElement(at, timeZone, language)} <span class="quiet-text">(${ageText(at, now, language)})</span>`;
}
