/** Decimal numbers as text, added and compared without floats: `0.1` + `0.2` is `0.3`. */

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/** Nobody's amount is longer, and reading one costs more than its length. */
const LONGEST = 2000;

interface Parsed {
  /** The number is `digits` / 10^`scale`. */
  digits: bigint;
  scale: number;
}

/** The number in its plain form (`-12.5`, no exponent, no spare zeros); undefined when it is none. */
export function decimalOf(value: unknown): string | undefined {
  const parsed = parse(value);
  return parsed && format(parsed);
}

/** Throws TypeError for what is no number. */
export function addDecimals(values: readonly string[]): string {
  const parsed = values.map(must);
  const scale = Math.max(0, ...parsed.map((each) => each.scale));
  const digits = parsed.reduce((all, each) => all + each.digits * 10n ** BigInt(scale - each.scale), 0n);
  return format({ digits, scale });
}

export const negateDecimal = (value: string): string => {
  const { digits, scale } = must(value);
  return format({ digits: -digits, scale });
};
export const subtractDecimal = (from: string, value: string): string => addDecimals([from, negateDecimal(value)]);

function must(value: string): Parsed {
  const parsed = parse(value);
  if (!parsed) throw new TypeError('expected a decimal number');
  return parsed;
}

function parse(value: unknown): Parsed | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  const match = text.length <= LONGEST ? DECIMAL.exec(text) : null;
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

function format({ digits, scale }: Parsed): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return `${digits < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}
