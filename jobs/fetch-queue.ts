import type { RateLimit } from '../sources/define-source.ts';

/** One queue per source, account and rate class: the vendor's budget is this queue's pace, whoever asks for what. */
export function fetchQueueName(source: string, account: string, rateClass: string): string {
  return `fetch.${source}.${account}.${rateClass}`;
}

/** The budget as a pace: `max` per period becomes one request per this many milliseconds. */
export function paceMs({ max, perMs }: RateLimit): number {
  return Math.ceil(perMs / max);
}
