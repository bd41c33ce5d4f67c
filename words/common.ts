import { dictionary } from './dictionary.ts';

/** Words of several places. */
export const commonWords = dictionary({
  en: {
    listed: 'being looked for',
    pending: 'pending',
    applied: 'applied',
    parked: 'parked',
    quarantined: 'quarantined',
    gone: 'gone',
    running: 'running',
    succeeded: 'succeeded',
    partial: 'partial',
    failed: 'failed',
    never: 'never',
    none: 'none',
    ago: (span: string) => `${span} ago`,
    seconds: (n: number) => `${n} s`,
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} h`,
    days: (n: number) => `${n} d`,
    logFile: (path: string) => `Everything about it is in ${path}`,
  },
  ru: {
    listed: 'ищется',
    pending: 'в очереди',
    applied: 'записана',
    parked: 'ждёт',
    quarantined: 'карантин',
    gone: 'нет в источнике',
    running: 'идёт',
    succeeded: 'успешно',
    partial: 'не полностью',
    failed: 'ошибка',
    never: 'никогда',
    none: 'нет',
    ago: (span: string) => `${span} назад`,
    seconds: (n: number) => `${n} с`,
    minutes: (n: number) => `${n} мин`,
    hours: (n: number) => `${n} ч`,
    days: (n: number) => `${n} дн`,
    logFile: (path: string) => `Подробности в файле ${path}`,
  },
});

export type CommonWords = ReturnType<typeof commonWords>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 min`, in the largest unit that leaves a number above one. */
export function span(ms: number, words: CommonWords): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 2 * MINUTE) return words.seconds(seconds);
  if (seconds < 2 * HOUR) return words.minutes(Math.round(seconds / MINUTE));
  if (seconds < 2 * DAY) return words.hours(Math.round(seconds / HOUR));
  return words.days(Math.round(seconds / DAY));
}

/** A state or status in the reader's language; what has no word stays as it is. */
export function wordFor(value: string, words: CommonWords): string {
  const word = (words as unknown as Record<string, unknown>)[value];
  return typeof word === 'string' ? word : value;
}

/** `2025-11-10 13:05:07`, in the zone of this machine. */
export function timeText(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
