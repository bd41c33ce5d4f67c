import { UsageError } from '../operations/usage-error.ts';
import { LANGUAGES, type Language } from '../words/dictionary.ts';

/** `--lang`, else the locale of the shell. */
export function languageOf(option: string | undefined, env: NodeJS.ProcessEnv = process.env): Language {
  if (option !== undefined) {
    const known = LANGUAGES.find((language) => language === option);
    if (!known) throw new UsageError(`--lang ${option}: there is ${LANGUAGES.join(' and ')}.`);
    return known;
  }
  return /^ru/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'ru' : 'en';
}
