import { CronExpressionParser } from 'cron-parser';
import { parseDurationMs } from './duration.ts';
import type { Schedule } from './settings.ts';

/** A run needs a few requests and a row in the ledger; anything oftener is a mistake. */
const SHORTEST_MS = 10_000;
const FIRES_LOOKED_AT = 10;

/** `15m` or a cron line of five or six fields; throws a `RangeError` whose message says what is wrong. */
export function parseSchedule(text: string): Schedule {
  const everyMs = parseDurationMs(text);
  if (everyMs === undefined) {
    checkCron(text);
    return { cron: text };
  }
  if (everyMs < SHORTEST_MS) throw tooOften();
  return { everyMs };
}

function checkCron(text: string): void {
  const fields = text.split(/\s+/).length;
  if (fields !== 5 && fields !== 6) throw new RangeError('is neither an interval nor a cron line');
  if (shortestGapMs(text) < SHORTEST_MS) throw tooOften();
}

function shortestGapMs(text: string): number {
  try {
    const cron = CronExpressionParser.parse(text, { tz: 'UTC' });
    let last = cron.next().getTime();
    let gapMs = Number.POSITIVE_INFINITY;
    for (let fire = 1; fire < FIRES_LOOKED_AT; fire++) {
      const next = cron.next().getTime();
      gapMs = Math.min(gapMs, next - last);
      last = next;
    }
    return gapMs;
  } catch (cause) {
    throw new RangeError('is a cron line that never fires or cannot be read', { cause });
  }
}

function tooOften(): RangeError {
  return new RangeError(`fires oftener than every ${SHORTEST_MS / 1000} seconds`);
}
