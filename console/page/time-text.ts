import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import { LOCALES } from './language.ts';

/** A moment in a time zone (the account's), with the zone's name; exact and in UTC for machines and in the tooltip. */
export function timeElement(at: Date, timeZone: string, language: Language): Html {
  const text = dateTimeText(at, timeZone, language);
  return html`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${text}</time>`;
}

const DATE_TIME: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
};

export function dateTimeText(at: Date, timeZone: string, language: Language): string {
  const format = known(moments, `${language} ${timeZone}`, () => {
    return new Intl.DateTimeFormat(LOCALES[language], { ...DATE_TIME, timeZone });
  });
  return format.format(at);
}

export function numberText(value: number, language: Language, options: Intl.NumberFormatOptions = {}): string {
  const format = known(numbers, `${language} ${JSON.stringify(options)}`, () => {
    return new Intl.NumberFormat(LOCALES[language], options);
  });
  return format.format(value);
}

/** To make a format takes many times as long as to use it, and a page has thousands of numbers. */
const moments = new Map<string, Intl.DateTimeFormat>();
const zones = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();
const MOST_KNOWN = 500;

function known<F>(formats: Map<string, F>, name: string, make: () => F): F {
  const there = formats.get(name);
  if (there) return there;
  if (formats.size >= MOST_KNOWN) formats.clear();
  const made = make();
  formats.set(name, made);
  return made;
}

/** The same for tables: without year and zone, which the tooltip has. */
export function shortTime(at: Date, timeZone: string, language: Language): Html {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const text = at.toLocaleString(LOCALES[language], { ...parts, timeZone });
  return html`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${text}</time>`;
}

/** The zone's own short name at that moment, e.g. `GMT+4`. */
export function zoneText(at: Date, timeZone: string, language: Language): string {
  const format = known(zones, `${language} ${timeZone}`, () => {
    return new Intl.DateTimeFormat(LOCALES[language], { timeZoneName: 'short', timeZone });
  });
  return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
