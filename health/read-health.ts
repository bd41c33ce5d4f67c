import type { Db } from '../db/connection.ts';
import { databaseNow } from '../db/now.ts';
import { type Paused, pauseOf, readPauses } from '../db/pauses.ts';
import { readStatus, type StatusTarget, type TargetStatus } from '../db/status.ts';
import type { Settings } from '../settings/settings.ts';
import { zoneOf } from '../settings/zone-of.ts';
import type { SourceDefinition } from '../sources/define-source.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import { judgeTarget, type Verdict } from './judge-target.ts';

export interface TargetHealth extends TargetStatus {
  /** What keeps it from being read: the pause of its account, or its own. */
  paused: Paused | null;
  freshness: Freshness;
  verdict: Verdict;
}

/** What the settings promise, beside what the database says. */
export interface HealthContext {
  db: Db;
  settings: Settings;
  sources: ReadonlyMap<string, SourceDefinition>;
}

/** How the targets stand now, by the database's clock. */
export async function readHealth(
  { db, settings, sources }: HealthContext,
  targets: readonly StatusTarget[],
): Promise<{ at: Date; entities: TargetHealth[] }> {
  const listed = (source: string, entity: string) =>
    sources.get(source)?.entities.find(({ name }) => name === entity)?.partOf ?? entity;
  const [at, statuses, pauses] = await Promise.all([databaseNow(db), readStatus(db, targets, listed), readPauses(db)]);
  const entities = statuses.map((status) => {
    const entity = listed(status.source, status.entity);
    const freshness = freshnessOfTarget(settings, status, entity, at);
    const paused = pauseOf(pauses, { ...status, entity }) ?? null;
    return { ...status, freshness, paused, verdict: judgeTarget(status, freshness, { paused: paused !== null }) };
  });
  return { at, entities };
}

function freshnessOfTarget(
  settings: Settings,
  { source, account, last_read_at }: TargetStatus,
  entity: string,
  now: Date,
): Freshness {
  const schedule = settings.sources.find((known) => known.name === source)?.schedule;
  const timezone = zoneOf(settings, source, account);
  return freshnessOf([schedule?.[entity], schedule?.full], last_read_at, { now, timezone });
}
