import { decode } from 'html-entities';
import type { Account } from '../define-source.ts';
import { Gone, Rejected, type SourceError, Unauthorized } from '../errors.ts';

/** README.md §4.2: there are no codes, only texts in Russian or English. */
const NOT_AUTHORIZED =
  /access|denied|forbidden|permission|\brights?\b|\bkey\b|\bhash\b|\blogin\b|password|\bauth|доступ|запрещ|авториз|логин|парол|ключ|(нет|недостаточно) прав/i;
const NOT_FOUND = /not found|does(n't| not) exist|не найден|не существует/i;
const TOO_MUCH = /too (large|many|long|big|wide)|слишком (больш|мног|длин|широк)|exceed|превыш/i;
const TOO_LATE = /finish must be earlier/i;

const LONGEST = 200;
const SHORTEST_SECRET = 4;

/**
 * The vendor's words as one of our errors. What speaks of access comes first: "login not found" says nothing about a record,
 * and a record may only be taken for gone when it is named.
 */
export function refusal(method: string, said: string, account: Account, record?: RegExp): SourceError {
  const words = withoutSecrets(said, account).slice(0, LONGEST);
  const fields = { source: account.source, account: account.name };
  if (NOT_AUTHORIZED.test(said))
    return new Unauthorized(
      `${method}: not authorized: ${words}. Check login and apiKey, and what this key may do.`,
      fields,
    );
  if (record?.test(said) && NOT_FOUND.test(said)) return new Gone(`${method}: ${words}`, fields);
  return new Rejected(`${method}: ${words ? `refused: ${words}` : 'refused without a reason'}`, fields);
}

/** Nobody says anything further inside. */
const DEEPEST_WORDS = 5;

/** A text, or texts in a list or under names, as one line. */
export function wordsOf(value: unknown, level = 0): string {
  if (typeof value === 'string') return decode(value).replaceAll(/\s+/g, ' ').trim();
  if (value === null || typeof value !== 'object' || level === DEEPEST_WORDS) return '';
  return Object.values(value)
    .map((inner) => wordsOf(inner, level + 1))
    .filter((words) => words !== '')
    .join('; ');
}

/** `finish` was later than the hotel's today by the vendor's clock. */
export const isTooLate = (error: unknown): boolean => error instanceof Rejected && TOO_LATE.test(error.message);

/** The answer would have been larger than the vendor likes. */
export const isTooMuch = (error: unknown): boolean =>
  error instanceof Rejected && (error.fields.status === 413 || TOO_MUCH.test(error.message));

function withoutSecrets(said: string, { credentials }: Account): string {
  return Object.values(credentials)
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), said);
}
