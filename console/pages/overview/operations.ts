import { writeAudit } from '../../../db/audit.ts';
import { pauseOf, readPauses, removePause, writePause } from '../../../db/pauses.ts';
import type { JobContext } from '../../../jobs/define-job.ts';
import { keepPauses } from '../../../jobs/keep-pauses.ts';
import { planSync } from '../../../jobs/plan-sync.ts';
import type { By } from '../../../operations/context.ts';

interface Target {
  source: string;
  account: string;
  entity?: string | undefined;
}

/** Undefined for what the settings do not have. */
export async function runTarget(
  context: JobContext,
  { full, ...target }: Target & { full: boolean },
  { actor, reason = null }: By,
): Promise<{ requested: string[]; refused?: 'paused' } | undefined> {
  const entities = entitiesOf(context, target);
  if (!entities) return undefined;
  const { source, account } = target;
  const pauses = await readPauses(context.db);
  const free = entities.filter((entity) => !pauseOf(pauses, { source, account, entity }));
  if (free.length === 0) return { requested: [], refused: 'paused' };
  const mode = full ? 'full' : 'incremental';
  await context.enqueue(
    planSync,
    free.map((entity) => ({ source, account, entity, mode, trigger: 'manual' as const })),
  );
  await writeAudit(context.db, {
    actor,
    action: 'sync',
    target: [source, account, target.entity].filter(Boolean).join('/'),
    details: { mode, entities: free, reason },
  });
  return { requested: free };
}

export async function pauseTarget(context: JobContext, target: Target, { actor, reason = null }: By) {
  if (!entitiesOf(context, target)) return undefined;
  const changed = await writePause(context.db, { ...target, entity: target.entity ?? null }, { actor, reason });
  await keepPauses(context, target);
  return { changed };
}

export async function resumeTarget(context: JobContext, target: Target, { actor, reason = null }: By) {
  if (!entitiesOf(context, target)) return undefined;
  const changed = await removePause(context.db, { ...target, entity: target.entity ?? null }, { actor, reason });
  await keepPauses(context, target);
  return { changed };
}

/** The entities with runs of their own that are meant; undefined for what the settings do not have. */
function entitiesOf({ settings, sources }: JobContext, { source, account, entity }: Target): string[] | undefined {
  const known = settings.sources.find(({ name }) => name === source)?.accounts.some(({ name }) => name === account);
  const own = (sources.get(source)?.entities ?? []).filter(({ partOf }) => !partOf).map(({ name }) => name);
  const meant = own.filter((name) => !entity || name === entity);
  return known && meant.length > 0 ? meant : undefined;
}
