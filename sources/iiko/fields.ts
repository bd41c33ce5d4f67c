import { decimalOf } from '../decimals.ts';
import type { Account } from '../define-source.ts';
import { field, isDay, isNothing, isTextOrNumber, refuse, trimmed } from '../fields.ts';

/**
 * A quantity or an amount of money as decimal text; null when the vendor has none. Any number of decimals, never a
 * float. `wholeDigits`: so many before the point, and four behind it, has the column.
 */
const decimalOfDigits = (wholeDigits: number) => {
  const tooLarge = new RegExp(`^-?(\\d{${wholeDigits + 1}}|9{${wholeDigits}}\\.9{4}[5-9])`);
  return (value: unknown): string | null => {
    if (isNothing(value) || value === '') return null;
    if (!isTextOrNumber(value)) refuse('expected a number');
    const plain = decimalOf(value);
    return plain === undefined || tooLarge.test(plain) ? refuse(`expected a number below 10^${wholeDigits}`) : plain;
  };
};
const readDecimal = decimalOfDigits(10);

/** For numeric(14,4). */
export const decimal = field(readDecimal);
/** For numeric(7,4). */
export const percent = field(decimalOfDigits(3));

/** A whole number; null when the vendor has none. */
export const whole = field((value) => {
  const read = readDecimal(value);
  if (read === null) return null;
  return /^-?\d{1,9}$/.test(read) ? Number(read) : refuse('expected a whole number below 10^9');
});

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,3})?$/;

/**
 * README.md §6. `2025-03-18T19:19:12.99`, no to three digits of a second, no zone → `2025-03-18 19:19:12.99`, still
 * local.
 */
export const localTime = field((value) => {
  const raw = trimmed(value, 'expected a time');
  if (raw === null) return null;
  const [matched, y, m, d, hour, minute, second] = LOCAL_TIME.exec(raw) ?? [];
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (!matched || !isTime || !isDay(Number(y), Number(m), Number(d)))
    refuse('expected YYYY-MM-DDTHH:mm:ss, a time that exists');
  return matched.replace('T', ' ');
});

/**
 * A department's zone. Most servers stand in one zone, the account's; those in several name the others in the option
 * `departmentTimezones`: `<department id>=Asia/Aqtau, <department id>=Asia/Oral`.
 */
export function zoneOf(departmentId: string | null, account: Account): string {
  if (departmentId === null) return account.timezone;
  return departmentZones(account.options.departmentTimezones ?? '').get(departmentId.toLowerCase()) ?? account.timezone;
}

let lastZones: { text: string; zones: Map<string, string> } | undefined;

function departmentZones(text: string): Map<string, string> {
  if (lastZones?.text === text) return lastZones.zones;
  const pairs = text.split(/[,;\s]+/).flatMap((pair): [string, string][] => {
    const [id, zone] = pair.split('=');
    return id && zone ? [[id.toLowerCase(), zone]] : [];
  });
  lastZones = { text, zones: new Map(pairs) };
  return lastZones.zones;
}

/** A department's wall-clock time as `timestamptz` text. */
export const zonedAt = (local: string | null, departmentId: string | null, account: Account): string | null =>
  local === null ? null : `${local} ${zoneOf(departmentId, account)}`;
