import { CronExpressionParser } from 'cron-parser';
import type { Schedule } from '../settings/settings.ts';

/** `unscheduled`: it is there, and nothing says how old it may be. */
export type Freshness = 'ok' | 'late' | 'never' | 'unscheduled';

const MINUTE = 60_000;
/** A run takes a while, and a busy vendor makes it take longer. */
const CRON_PATIENCE_MS = 30 * MINUTE;
const INTERVALS_MISSED = 2;

/** Whether the last complete reading is as recent as the schedules promise; any of them that is kept is enough. */
export function freshnessOf(
  schedules: readonly (Schedule | undefined)[],
  lastReadAt: Date | null,
  { now, timezone }: { now: Date; timezone: string },
): Freshness {
  if (!lastReadAt) return 'never';
  const promises = schedules.filter((schedule) => schedule !== undefined);
  if (promises.length === 0) return 'unscheduled';
  return promises.some((schedule) => lastReadAt >= dueSince(schedule, now, timezone)) ? 'ok' : 'late';
}

/** A reading before this moment is too old. */
function dueSince(schedule: Schedule, now: Date, timezone: string): Date {
  if ('everyMs' in schedule) return new Date(now.getTime() - INTERVALS_MISSED * schedule.everyMs - MINUTE);
  const before = new Date(now.getTime() - CRON_PATIENCE_MS);
  const cron = CronExpressionParser.parse(schedule.cron, { tz: schedule.timezone ?? timezone, currentDate: before });
  return cron.prev().toDate();
}
