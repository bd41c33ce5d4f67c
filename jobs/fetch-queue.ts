import type { Settings } from '../settings/settings.ts';
import type { SourceDefinition } from '../sources/define-source.ts';

export interface FetchQueue {
  name: string;
  source: string;
  account: string;
  /** At most one request per this many milliseconds, over all processes. */
  paceMs: number;
  /** One request after another, over all processes. */
  sequential: boolean;
  /** Pages of lists are read through it, not single records only. */
  hasPages: boolean;
}

/** One queue per source, account and rate class: the vendor's budget is this queue's pace, whoever asks for what. */
export function fetchQueueName(source: string, account: string, rateClass: string): string {
  return `fetch.${source}.${account}.${rateClass}`;
}

/** The fetch queues of the settings: of each account, the rate classes that its source's entities use. */
export function fetchQueues(settings: Settings, sources: ReadonlyMap<string, SourceDefinition>): FetchQueue[] {
  return settings.sources.flatMap((source) => {
    const { entities = [], sequential = false } = sources.get(source.name) ?? {};
    const listed = new Set(entities.map(({ listing }) => listing.rateClass));
    const used = new Set([...listed, ...entities.map(({ one }) => one?.rateClass)]);
    return source.accounts.flatMap((account) =>
      Object.entries(source.limits)
        .filter(([rateClass]) => used.has(rateClass))
        .map(([rateClass, limit]) => ({
          name: fetchQueueName(source.name, account.name, rateClass),
          source: source.name,
          account: account.name,
          paceMs: paceMs(limit),
          sequential,
          hasPages: listed.has(rateClass),
        })),
    );
  });
}

/** Left of the budget for requests that arrive a little sooner after one another than they were sent. */
const SLACK = 0.02;

/**
 * A budget as a pace: `max` per period becomes one request per this many milliseconds, and a little more. More than one a
 * millisecond is no budget that could be paced: 0.
 */
export function paceMs({ max, perMs }: { max: number; perMs: number }): number {
  return max > perMs ? 0 : Math.ceil((perMs / max) * (1 + SLACK));
}
