import type { RunRow } from '../db/overview/list-runs.ts';
import type { RunPages } from '../db/overview/read-run.ts';
import { perMinute } from '../settings/rate.ts';
import type { OperationsContext } from './context.ts';

/** Requests of a run that count in one budget. */
export interface FloorPart {
  rate_class: string;
  requests: number;
  allowed_per_minute: number;
  /** These requests take so long, however fast everything else is. */
  needed_s: number;
}

/** A run's time against the fastest that the vendor's budget allows: "51 s needed at 120/min, took 58 s". */
export interface RunFloor {
  requests: number;
  parts: FloorPart[];
  /** The longest of the parts: budgets of different classes run out side by side. */
  needed_s: number;
  /** Until now, for a run that is going on. */
  took_s: number;
}

type Run = Pick<
  RunRow,
  | 'source'
  | 'entity'
  | 'requests'
  | 'pages_done'
  | 'pages_failed'
  | 'trigger'
  | 'started_at'
  | 'finished_at'
  | 'heartbeat_at'
>;

/** Null when the run has sent no request, or its source is not in the settings any more. */
export function runFloor(
  { settings, sources }: Pick<OperationsContext, 'settings' | 'sources'>,
  run: Run,
  { counts }: Pick<RunPages, 'counts'>,
): RunFloor | null {
  const limits = settings.sources.find(({ name }) => name === run.source)?.limits;
  const entity = sources.get(run.source)?.entities.find(({ name }) => name === run.entity);
  if (!limits || !entity || run.requests === 0) return null;
  // Pages of lists count in one budget, records that are read by their ids in another: those of look-ups are among the rest.
  const answered = counts.filter(({ state }) => state !== 'queued');
  const lists = answered.filter(({ kind }) => kind === 'list').reduce((sum, { pages }) => sum + pages, 0);
  const ofLists =
    answered.length > 0 ? lists : run.trigger === 'requeue' || run.trigger === 'webhook' ? 0 : run.pages_done;
  const listed = Math.min(run.requests, entity.one ? ofLists : run.requests);
  const byClass = new Map<string, number>();
  const add = (rateClass: string, requests: number) =>
    requests > 0 && byClass.set(rateClass, (byClass.get(rateClass) ?? 0) + requests);
  add(entity.listing.rateClass, listed);
  add(entity.one?.rateClass ?? entity.listing.rateClass, run.requests - listed);
  const parts = [...byClass].flatMap(([rateClass, requests]) => {
    const limit = limits[rateClass];
    if (!limit) return [];
    const allowed = perMinute(limit);
    return [{ rate_class: rateClass, requests, allowed_per_minute: allowed, needed_s: (requests * 60) / allowed }];
  });
  return {
    requests: run.requests,
    parts,
    needed_s: Math.max(0, ...parts.map((part) => part.needed_s)),
    took_s: (Number(run.finished_at ?? run.heartbeat_at) - Number(run.started_at)) / 1000,
  };
}
