import { field, isDay, isNothing, isTextOrNumber, refuse } from '../fields.ts';

/** README.md §5. PHP and MySQL write "no date" as zeros, in whole or in part, or as false. */
const ZERO = /^0*$|^0000-|-00(-|\b)/;
const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;

/** `YYYY-MM-DD HH:MM:SS`, also without seconds or without a time, by the hotel's clock → the same with seconds. */
export const localTime = field(readTime);

/** A calendar day, alone or before a time. */
export const day = field((value) => readTime(value)?.slice(0, 10) ?? null);

function readTime(value: unknown): string | null {
  if (isNothing(value) || value === false) return null;
  if (!isTextOrNumber(value)) refuse('expected a date');
  const raw = String(value).trim();
  if (ZERO.test(raw.slice(0, 10))) return null;
  const [matched, y, m, d, hour = '00', minute = '00', second = '00'] = TIME.exec(raw) ?? [];
  if (!matched || !isDay(Number(y), Number(m), Number(d)) || hour > '23' || minute > '59' || second > '59')
    refuse('expected YYYY-MM-DD HH:MM:SS, a time that exists');
  return `${y}-${m}-${d} ${hour}:${minute}:${second}`;
}

/** The version of a booking: its `last_update`, comparable as text. Null when it cannot be read. */
export function versionOf(lastUpdate: unknown): string | null {
  return localTime.safeParse(lastUpdate).data ?? null;
}

const DECIMAL = /^\d{1,10}([.,]\d+)?$/;

/** A measure as decimal text where it is a bare number; anything else (`24 м²`) is for people to read. */
export const measure = field((value) => {
  const raw = isTextOrNumber(value) ? String(value).trim() : '';
  return DECIMAL.test(raw) ? raw.replace(',', '.') : null;
});

/** `1` male, `2` female; 0 and blank are unset. */
export const gender = field((value) => GENDERS.get(value) ?? null);
const GENDERS = new Map<unknown, string>([
  ['1', 'male'],
  ['2', 'female'],
  [1, 'male'],
  [2, 'female'],
]);
