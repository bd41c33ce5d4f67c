import type { Language } from './dictionary.ts';

const rules: Record<Language, Intl.PluralRules> = {
  en: new Intl.PluralRules('en'),
  ru: new Intl.PluralRules('ru'),
};
const formats: Record<Language, Intl.NumberFormat> = {
  en: new Intl.NumberFormat('en-GB'),
  ru: new Intl.NumberFormat('ru-RU'),
};

/** English has `one` and `other`; Russian `one` (1, 21), `few` (2–4, 22) and `many` (5–20, 25). */
export type PluralForms = { one: string; other: string } | { one: string; few: string; many: string };

/** `9 броней`: the number and the form of the word that goes with it. */
export function counted(language: Language, n: number, forms: PluralForms): string {
  return `${formats[language].format(n)} ${pluralOf(language, n, forms)}`;
}

export function pluralOf(language: Language, n: number, forms: PluralForms): string {
  const rule = rules[language].select(n);
  if ('many' in forms) return rule === 'one' || rule === 'few' ? forms[rule] : forms.many;
  return rule === 'one' ? forms.one : forms.other;
}
