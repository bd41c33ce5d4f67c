import { CronExpressionParser } from 'cron-parser';
import type { WantedScheduler } from './schedules.ts';

const MINUTE = 60_000;
/** Clocks of machines differ a little, and a schedule this far ahead comes by itself. */
const SLACK_MS = MINUTE;
/** A cron line is set right no oftener than this. */
const CRON_PATIENCE_MS = 60 * MINUTE;

/** When each schedule was last set right, in ms of this process's own clock, which never jumps. */
export type SetRight = Map<string, number>;

/**
 * Whether a schedule's next run lies further ahead than its timing allows: the clock of the process that set it was wrong, and
 * the schedule would be silent for so long. Says so once per interval at most: should it be our clock that is wrong, then the
 * schedule fires twice as often as it should, and not all the time.
 */
export function isTooFarAhead(
  { id, repeat }: Pick<WantedScheduler, 'id' | 'repeat'>,
  next: number | undefined,
  setRight: SetRight,
): boolean {
  if (next === undefined || next <= latestNext(repeat) + SLACK_MS) return false;
  const patienceMs = 'every' in repeat ? repeat.every : CRON_PATIENCE_MS;
  const last = setRight.get(id);
  if (last !== undefined && performance.now() - last < patienceMs) return false;
  setRight.set(id, performance.now());
  return true;
}

function latestNext(repeat: WantedScheduler['repeat']): number {
  if ('every' in repeat) return Date.now() + repeat.every;
  return CronExpressionParser.parse(repeat.pattern, { tz: repeat.tz }).next().getTime();
}
