import { hash } from './random.ts';

/** What an id names. The number is a part of the id, so that two kinds never share one. */
const KINDS = {
  department: 0x5d,
  store: 0x57,
  product: 0x11,
  group: 0x21,
  category: 0x31,
  unit: 0x41,
  payType: 0x81,
  person: 0x91,
  orderType: 0xa1,
  shift: 0x61,
  order: 0x71,
  line: 0x72,
  payment: 0x73,
  nobody: 0xee,
} as const;
export type IdKind = keyof typeof KINDS;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);

/**
 * A UUID that is the same for the same seed, kind and numbers; `at` tells ids of a kind apart and is readable in it.
 */
export function idOf(seed: number, kind: IdKind, at: number, part = 0): string {
  const salt = KINDS[kind];
  const first = hash(seed, salt, at);
  const last = hex(at, 8);
  return `${hex(salt, 2)}${hex(first, 6)}-${hex(part >>> 16, 4)}-4${hex(first >>> 20, 3)}-8${hex(first >>> 8, 3)}-${hex(part, 4)}${last}`;
}
