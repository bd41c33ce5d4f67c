/**
 * Amounts are whole billionths, so that sums and splits are exact and a third of a price is the long decimal that the
 * vendor sends too.
 */
export type Amount = bigint;

const DIGITS = 9;
const ONE = 10n ** BigInt(DIGITS);

/** Of a number with at most six decimals, such as 1.335. */
export const amount = (value: number): Amount => BigInt(Math.round(value * 1e6)) * 1000n;
export const times = (a: Amount, b: Amount): Amount => (a * b) / ONE;
export const sum = (amounts: readonly Amount[]): Amount => amounts.reduce((all, each) => all + each, 0n);

/** As a JSON number: `350`, `-0.75`, `116.666666666`. */
export function amountText(value: Amount): string {
  const positive = value < 0n ? -value : value;
  const fraction = (positive % ONE).toString().padStart(DIGITS, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${positive / ONE}${fraction && `.${fraction}`}`;
}

/** `value` in parts as `weights` go; the last part takes what rounding leaves. */
export function splitAmount(value: Amount, weights: readonly Amount[]): Amount[] {
  const whole = sum(weights);
  if (whole === 0n) return weights.map((_, at) => (at === 0 ? value : 0n));
  const parts = weights.slice(0, -1).map((weight) => (value * weight) / whole);
  return [...parts, value - sum(parts)];
}
