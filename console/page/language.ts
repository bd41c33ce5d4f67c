import type { FastifyRequest } from 'fastify';
import type { Language } from '../../words/dictionary.ts';
import { LANGUAGES } from '../../words/dictionary.ts';

export const LANGUAGE_COOKIE = 'pmsync_lang';

/** BCP 47 tags for numbers, dates and plurals. */
export const LOCALES: Record<Language, string> = { en: 'en-GB', ru: 'ru-RU' };

/** What the switch was set to, else the one that the browser likes best, else English. */
export function languageOf({ cookies, headers }: Pick<FastifyRequest, 'cookies' | 'headers'>): Language {
  return asLanguage(cookies[LANGUAGE_COOKIE]) ?? likedBest(headers['accept-language']) ?? 'en';
}

export function asLanguage(text: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === text);
}

function likedBest(header = ''): Language | undefined {
  const liked = header.split(',').flatMap((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const q = parameters.find((parameter) => parameter.trim().startsWith('q='));
    const language = asLanguage(tag.split('-')[0]);
    return language ? [{ language, q: q ? Number(q.trim().slice(2)) : 1 }] : [];
  });
  return liked.filter(({ q }) => q > 0).sort((a, b) => b.q - a.q)[0]?.language;
}
