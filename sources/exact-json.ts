import { decimalOf } from './decimals.ts';
import { Unavailable } from './errors.ts';

const END = '(?=[\\s,\\]}]|$)';
const BEGINNING = '(?<=^|[:,[\\s])';
/** Fifteen digits survive a float, whatever they are. */
const LONG = '-?\\d[\\d.]{15,}(?:e[+-]?\\d+)?';
const LARGE = '-?\\d[\\d.]*e[+-]?\\d{3,}';
const SUSPECTS = new RegExp(`${BEGINNING}(?:${LONG}|${LARGE})${END}`, 'gi');
const TOKENS = new RegExp(`"[^"\\\\]*(?:\\\\[^][^"\\\\]*)*"|${LONG}|${LARGE}`, 'gi');
/** A float has no more than 17 digits; before and after them there may be zeros. */
const LONGEST_EXACT = 400;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * JSON in which a number that a float would change is its text: `116.66666666666666667`, `9007199254740993` and `1e400` are
 * strings afterwards, `116.5` a number as ever. Throws `SyntaxError` for what is no JSON. Nesting costs no stack.
 */
export function exactJson(text: string): unknown {
  // Most answers have no such number, and need no look at each of their parts.
  const isExact = ![...text.matchAll(SUSPECTS)].some(([number]) => isChanged(number));
  if (isExact) return JSON.parse(text);
  return JSON.parse(text.replace(TOKENS, (token) => (isChanged(token) ? `"${token}"` : token)));
}

/** The same, for who asked `what`: throws `Unavailable` for what is no JSON; the text is not quoted. */
export function parseExactJson(text: string, what: string): unknown {
  try {
    return exactJson(text);
  } catch {
    throw new Unavailable(`${what}: answered ${text.trim() === '' ? 'nothing' : 'broken JSON'} where JSON was due`);
  }
}

function isChanged(token: string): boolean {
  if (!NUMBER.test(token)) return false;
  const number = Number(token);
  if (token.length > LONGEST_EXACT) return true;
  return !Number.isFinite(number) || decimalOf(number) !== decimalOf(token);
}
