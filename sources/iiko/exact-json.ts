import { Unavailable } from '../errors.ts';

type Reviver = (key: string, value: unknown, at: { source?: string }) => unknown;
// TypeScript does not know the third argument yet; V8 gives it since Node 21.
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;
/** Fifteen digits survive a float, whatever they are. */
const LONG_NUMBER = /\d[\d.]{15,}/;

/**
 * JSON in which a number with more digits than a float keeps is its text: `116.66666666666666667` is a string
 * afterwards, `116.5` a number as ever. Throws `Unavailable` for what is no JSON; the text is not quoted.
 */
export function parseExactJson(text: string, what: string): unknown {
  try {
    // Most answers have no such number, and are read three times as fast without looking at each.
    return LONG_NUMBER.test(text) ? parse(text, keepLongNumber) : parse(text);
  } catch {
    throw new Unavailable(`${what}: answered ${text.trim() === '' ? 'nothing' : 'broken JSON'} where JSON was due`);
  }
}

const keepLongNumber: Reviver = (_key, value, { source }) =>
  typeof value === 'number' && source !== undefined && LONG_NUMBER.test(source) ? source : value;
