import { Unavailable } from '../errors.ts';

type Reviver = (key: string, value: unknown, at: { source?: string }) => unknown;
// TypeScript does not know the third argument yet; V8 gives it since Node 21.
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * JSON in which a number that JavaScript would change is kept as its text: `116.66666666666666667` is a string
 * afterwards, `116.5` a number as ever. Throws `Unavailable` for what is no JSON; the text is not quoted.
 */
export function parseExactJson(text: string, what: string): unknown {
  try {
    return parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && String(value) !== source ? source : value,
    );
  } catch {
    throw new Unavailable(`${what}: answered ${text.trim() === '' ? 'nothing' : 'broken JSON'} where JSON was due`);
  }
}
