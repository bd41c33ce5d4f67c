const DAY = 86_400_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** Calendar days as a count from 1970-01-01: what days are reckoned with. */
export const dayNumber = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY);
export const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && dateOf(dayNumber(text) || 0) === text;

/**
 * Wall time without a zone, with no, two or three digits of a second as the vendor writes it. Minutes beyond 24:00
 * belong to the next calendar day.
 */
export function wallTime(date: string, minutes: number, seconds: number, fraction: number): string {
  const day = dateOf(dayNumber(date) + Math.floor(minutes / 1440));
  const minute = minutes % 1440;
  const tail = fraction === 0 ? '' : `.${fraction}`;
  return `${day}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(seconds)}${tail}`;
}
