import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import { LOCALES } from './language.ts';

/** A moment in a time zone (the account's), with the zone's name; exact and in UTC for machines and in the tooltip. */
export function timeElement(at: Date, timeZone: string, language: Language): Html {
  const text = dateTimeText(at, timeZone, language);
  return html`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${text}</time>`;
}

export function dateTimeText(at: Date, timeZone: string, language: Language): string {
  return at.toLocaleString(LOCALES[language], {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });
}

export function numberText(value: number, language: Language, options: Intl.NumberFormatOptions = {}): string {
  return value.toLocaleString(LOCALES[language], options);
}

/** The same for tables: without year and zone, which the tooltip has. */
export function shortTime(at: Date, timeZone: string, language: Language): Html {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const text = at.toLocaleString(LOCALES[language], { ...parts, timeZone });
  return html`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${text}</time>`;
}
