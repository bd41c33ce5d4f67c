import { decode } from 'html-entities';
import { z } from 'zod';
import type { Account } from './define-source.ts';

/**
 * Readers of vendor fields: a tolerant type in, the value of a column out (null when the vendor has nothing). What they
 * refuse quarantines the record; the message is the rule that was broken and never quotes the value.
 */

/** Why a value is none for its field. */
class Refusal extends Error {}

/** Ends the reading of a field: `rule` is what its record is quarantined with. */
export function refuse(rule: string): never {
  throw new Refusal(rule);
}

/**
 * A field that one function reads. A union of types is tried type by type, which costs several times as much, and a record has
 * dozens of fields.
 */
export function field<T>(read: (value: unknown) => T): z.ZodTransform<T, unknown> {
  return z.transform((value, context) => {
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
}

export function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

export function isTextOrNumber(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isFinite(value);
}

/** Text only, trimmed; blank is nothing. Anything else breaks `rule`. */
export function trimmed(value: unknown, rule: string): string | null {
  if (isNothing(value)) return null;
  if (typeof value !== 'string') refuse(rule);
  return value.trim() || null;
}

/** Text, trimmed, HTML entities decoded; blank is nothing. */
export const text = field((value) => {
  if (isNothing(value)) return null;
  if (!isTextOrNumber(value) && typeof value !== 'boolean') refuse('expected text or a number');
  const raw = String(value);
  return (raw.includes('&') ? decode(raw) : raw).trim() || null;
});

/** An id as text. 0 and blank mean "none", as vendors write it. */
export const idText = field(readId);

/** The record's own id. */
export const ownId = field((value) => readId(value) ?? refuse('the record has no id'));

function readId(value: unknown): string | null {
  if (!isNothing(value) && !isTextOrNumber(value)) refuse('expected an id');
  return externalIdOf(value) ?? null;
}

export function externalIdOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value !== 0 ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const id = value.trim();
  return id === '' || id === '0' || id.length > MAX_ID_LENGTH || UNFIT.test(id) ? undefined : id;
}

const MAX_ID_LENGTH = 200;
/** Control characters and halves of characters: PostgreSQL refuses the first as text, and no vendor means either. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;
const DECIMAL = /^-?\d{1,10}([.,]\d+)?$/;
/** Would be rounded up to an eleventh digit. */
const TOO_CLOSE = /^-?9{10}[.,]99[5-9]/;

/** Money as decimal text for numeric(12,2); never through a float. */
export const money = field((value) => {
  if (isNothing(value)) return null;
  if (!isTextOrNumber(value)) refuse('expected an amount');
  // What is left of a vendor's sums in floats, such as 5.7e-14.
  const raw = typeof value === 'number' && Math.abs(value) < 1e-6 ? '0' : String(value).replaceAll(/[\s\u00a0]/g, '');
  if (raw === '') return null;
  if (!DECIMAL.test(raw) || TOO_CLOSE.test(raw)) refuse('expected an amount below 10^10');
  return raw.replace(',', '.');
});

/** A count such as a number of guests, for an integer column. */
export const wholeNumber = field((value) => {
  if (isNothing(value)) return null;
  if (!isTextOrNumber(value)) refuse('expected a number');
  const raw = String(value).trim();
  if (raw === '') return null;
  if (!/^-?\d{1,9}([.,]0+)?$/.test(raw)) refuse('expected a whole number below 10^9');
  return Number.parseInt(raw, 10);
});

const TRUE = new Set<unknown>([true, 1, '1', 'true', 'TRUE', 'yes']);
const FALSE = new Set<unknown>([false, 0, '0', 'false', 'FALSE', 'no']);

/** A flag, however it is written. */
export const flag = field((value) => {
  if (isNothing(value) || value === '') return null;
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  refuse('expected a yes or a no');
});

const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/;

/** A calendar day `YYYY-MM-DD`; blank and the zero date are nothing. */
export const day = field((value) => {
  const raw = trimmed(value, 'expected a date');
  if (raw === null || raw.startsWith('0000-00-00')) return null;
  const [matched, y, m, d] = DAY.exec(raw) ?? [];
  if (!matched || !isDay(Number(y), Number(m), Number(d))) refuse('expected a date YYYY-MM-DD that exists');
  return `${y}-${m}-${d}`;
});

export function isDay(year: number, month: number, dayOfMonth: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
}

/** A wall-clock time of the account as `timestamptz` text: PostgreSQL knows every zone's history and its gaps. */
export function zoned(local: string | null, account: Account): string | null {
  return local === null ? null : `${local} ${account.timezone}`;
}
