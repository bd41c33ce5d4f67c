import type { RateLimit } from '../sources/define-source.ts';

const MINUTE = 60_000;
const PER_MS: Record<string, number> = { s: 1000, min: MINUTE, h: 3_600_000 };

/** `10/s`, `120/min`, `600/h`; undefined for anything else, zero included. */
export function parseRate(text: string): RateLimit | undefined {
  const match = /^(\d{1,6})\s*\/\s*(s|min|h)$/.exec(text);
  const max = Number(match?.[1] ?? 0);
  return match && max > 0 ? { max, perMs: PER_MS[match[2]!]! } : undefined;
}

export function perMinute({ max, perMs }: RateLimit): number {
  return (max * MINUTE) / perMs;
}
