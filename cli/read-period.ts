import { isCalendarDay } from '../db/calendar-day.ts';
import type { SyncTarget } from '../operations/targets.ts';
import { UsageError } from '../operations/usage-error.ts';
import type { Settings } from '../settings/settings.ts';
import { zoneOf } from '../settings/zone-of.ts';
import type { SourceDefinition } from '../sources/define-source.ts';

export interface PeriodOptions {
  from?: string | undefined;
  to?: string | undefined;
  full?: boolean | undefined;
}

/** Days of a period, both included. */
export interface Period {
  from: string;
  to: string;
}

/**
 * The targets with the period that `--from` and `--to` ask for; without `--to` until today, by the account's clock. Throws
 * `UsageError` for what is no period, and for an entity that cannot be asked for one: fetching everything would be worse.
 */
export function withPeriod(
  targets: readonly SyncTarget[],
  { from, to, full }: PeriodOptions,
  { settings, sources }: { settings: Settings; sources: ReadonlyMap<string, SourceDefinition> },
): (SyncTarget & { period?: Period })[] {
  if (from === undefined && to === undefined) return [...targets];
  if (from === undefined) throw new UsageError('--to needs --from: write e.g. --from 2026-01-01 --to 2026-01-31.');
  if (full) throw new UsageError('--full reads everything: leave out --from and --to, or --full.');
  for (const [name, day] of Object.entries({ '--from': from, '--to': to ?? from }))
    if (!isCalendarDay(day)) throw new UsageError(`${name} ${day}: write a day, e.g. 2026-01-31.`);
  const unable = targets.filter(({ source, entity }) => !listingOf(sources, source, entity)?.period);
  if (unable.length > 0) throw new UsageError(refusal(targets, unable));
  return targets.map((target) => {
    const until = to ?? todayAt(zoneOf(settings, target.source, target.account));
    if (from > until) throw new UsageError(`--from ${from} is later than --to ${until}.`);
    return { ...target, period: { from, to: until } };
  });
}

function refusal(targets: readonly SyncTarget[], unable: readonly SyncTarget[]): string {
  const names = (of: readonly SyncTarget[]) => [...new Set(of.map(({ source, entity }) => `${source} ${entity}`))];
  const able = names(targets).filter((name) => !names(unable).includes(name));
  const hint = able.length > 0 ? `Choose with --source and --entity: ${able.join(', ')}.` : 'Leave them out.';
  return `--from and --to: ${names(unable).join(', ')} cannot be asked for a period. ${hint}`;
}

function listingOf(sources: ReadonlyMap<string, SourceDefinition>, source: string, entity: string) {
  return sources.get(source)?.entities.find((each) => each.name === entity)?.listing;
}

/** `sv` writes dates as ISO 8601 does. */
function todayAt(timeZone: string): string {
  return new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(new Date());
}
