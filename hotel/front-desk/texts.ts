import { LOCALES } from '../../console/page/language.ts';
import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import { counted } from '../../words/plural.ts';
import { NIGHTS } from './words.ts';

/** An amount that PostgreSQL gave as decimal text, exactly: it never becomes a float. */
export function money(amount: string, language: Language, currency: string): string {
  const format = new Intl.NumberFormat(LOCALES[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  });
  return format.format(amount as `${number}`);
}

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' };

/** `2 May 2031` of a day `YYYY-MM-DD`. */
export function dayText(day: string, language: Language, options: Intl.DateTimeFormatOptions = DAY): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(LOCALES[language], { timeZone: 'UTC', ...options });
}

export function dayElement(day: string, language: Language, options: Intl.DateTimeFormatOptions = DAY): Html {
  return html`<time datetime="${day}">${dayText(day, language, options)}</time>`;
}

export function nightsText(nights: number, language: Language): string {
  return counted(language, nights, NIGHTS[language]);
}

export function addDays(day: string, plus: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + plus);
  return at.toISOString().slice(0, 10);
}

export function fullName(guest: { last_name: string; first_name: string; middle_name: string | null }): string {
  return [guest.last_name, guest.first_name, guest.middle_name].filter(Boolean).join(' ');
}

export function nightsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
