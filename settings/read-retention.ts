import { parseDurationMs } from './duration.ts';
import { readText } from './read-text.ts';
import { type Place, type Reading, readMapping, report } from './reading.ts';
import type { RetentionSettings } from './settings.ts';

const DAY_MS = 86_400_000;
/** Receipts of re-queues name runs and entries of the audit log, and are kept for 30 days. */
const KINDS = {
  runs: { usualMs: 90 * DAY_MS, leastMs: 30 * DAY_MS },
  issues: { usualMs: 90 * DAY_MS, leastMs: 1 * DAY_MS },
  audit: { usualMs: undefined, leastMs: 30 * DAY_MS },
  logs: { usualMs: 30 * DAY_MS, leastMs: 1 * DAY_MS },
} as const;
type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Kind[];

/** `{ runs: 90d, issues: 365d, audit: off, logs: 14d }`; `off` keeps for ever. */
export function readRetention(reading: Reading, place: Place | undefined): RetentionSettings {
  const keys = place ? readMapping(reading, place, NAMES) : new Map<string, Place>();
  const kept = NAMES.map((kind) => [kind, readKind(reading, keys.get(kind), kind)] as const);
  return Object.fromEntries(kept.filter(([, ms]) => ms !== undefined).map(([kind, ms]) => [`${kind}Ms`, ms]));
}

function readKind(reading: Reading, place: Place | undefined, kind: Kind): number | undefined {
  const { usualMs, leastMs } = KINDS[kind];
  if (!place) return usualMs;
  const text = readText(reading, place);
  if (!text || text.value === 'off') return undefined;
  const ms = parseDurationMs(text.value);
  if (ms !== undefined && ms >= leastMs) return ms;
  const least = `${leastMs / DAY_MS}d`;
  const problem = ms === undefined ? 'is no time' : `is less than ${least}`;
  return report(reading, place, `${text.shown} ${problem}`, `Write ${least} or more, e.g. 90d, or off to keep all`);
}
