import { commonWords } from '../../words/common.ts';
import type { Language } from '../../words/dictionary.ts';
import { numberText } from './time-text.ts';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** How long something took: `0.8 s`, `58 s`, `3 min 5 s`, `2 h 10 min`. Spaces do not break. */
export function durationText(ms: number, language: Language): string {
  const words = commonWords(language);
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 10)
    return joined(words.seconds(0).replace('0', numberText(seconds, language, { maximumFractionDigits: 1 })));
  const whole = Math.round(seconds);
  if (whole < 2 * MINUTE_S) return joined(words.seconds(whole));
  if (whole < 2 * HOUR_S) return parts(words.minutes(Math.floor(whole / MINUTE_S)), whole % MINUTE_S, words.seconds);
  return parts(words.hours(Math.floor(whole / HOUR_S)), Math.floor((whole % HOUR_S) / MINUTE_S), words.minutes);
}

function parts(larger: string, rest: number, smaller: (n: number) => string): string {
  return joined(rest > 0 ? `${larger} ${smaller(rest)}` : larger);
}

const joined = (text: string) => text.replaceAll(' ', '\u00a0');
