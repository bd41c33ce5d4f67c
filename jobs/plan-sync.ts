import { z } from 'zod';
import { isPaused } from '../db/pauses.ts';
import { readListingPlan } from '../db/runs/listing-plan.ts';
import { type FirstPages, openRun } from '../db/runs/open-run.ts';
import type { EntityDefinition, ListingPlan } from '../sources/define-source.ts';
import { defineJob, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchPage } from './fetch-page.ts';
import { fetchRecord } from './fetch-record.ts';
import { refreshJob } from './refresh-record.ts';

const payload = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  mode: z.enum(['incremental', 'full']),
  trigger: z.enum(['schedule', 'manual']),
  /** Days to read; only where the listing can be asked for a period. */
  period: z.object({ from: z.iso.date(), to: z.iso.date() }).optional(),
  /** With the records whose changes matter at once. */
  hotSet: z.boolean().optional(),
  /** Deletes are not held by the brake. */
  confirmDeletes: z.boolean().optional(),
  /** A run that found another one going. */
  again: z.boolean().optional(),
  /** Of the asking again: a number that only grows, part of the job's id. */
  turn: z.number().int().optional(),
});
export type PlanSync = z.infer<typeof payload>;

export const SYNC_QUEUE = 'sync';

const ASK_AGAIN_MS = 30_000;

export const planSync: JobDefinition<PlanSync> = defineJob({
  name: 'plan-sync',
  description: 'Opens a run of one entity of one account and asks for its first pages.',
  queue: () => SYNC_QUEUE,
  payload,
  options: (request) => (request.again ? { delayMs: ASK_AGAIN_MS, ...askedAgain(request) } : {}),
  async handle(request, context) {
    const { db, sources, settings, enqueue } = context;
    const { source, account, entity: name, mode, period } = request;
    const of = settings.sources.find((s) => s.name === source)?.accounts.find((a) => a.name === account);
    if (!of) return 'the account is not in the settings any more';
    if (request.trigger === 'schedule' && (await isPaused(db, { source, account, entity: name }))) return 'paused';
    const entity = entityOf(sources, source, name);
    const plan = await readListingPlan(db, { account: of, entity: name, mode, period });
    const first = firstPages(entity, plan, request);
    const { runId, opened, records, ...going } = await openRun(db, request, first);
    if (!opened && (isSpecial(request) || going.period)) {
      // The one that is going does not stand for it: asked for again until it can begin.
      await enqueue(planSync, [{ ...request, again: true, turn: nextTurn(request) }]);
      return `run ${runId} is still going; this one waits for it`;
    }
    if (!opened) return `run ${runId} is still going`;
    await enqueue(
      fetchPage,
      [...first.pages, ...(first.hot ?? [])].map((page) => ({ source, account, entity: name, runId, page, mode })),
    );
    await enqueue(
      fetchRecord,
      records.map((externalId) => refreshJob(context, { source, entity: name, externalId }, { account, runId, mode })),
    );
    return `run ${runId} opened`;
  },
});

function firstPages({ listing, table }: EntityDefinition, plan: ListingPlan, { hotSet }: PlanSync): FirstPages {
  const pages = listing.first(plan);
  const idsOnly = listing.idsOnly ?? false;
  const hot = hotSet ? listing.hotSet : undefined;
  if (!hot) return { pages, idsOnly };
  return { pages, idsOnly, hot: hot.pages(plan), stays: { table, timezone: plan.account.timezone, ...hot.stays } };
}

function isSpecial({ mode, hotSet, period }: PlanSync): boolean {
  return mode === 'full' || hotSet === true || period !== undefined;
}

/** Those who wait for the same run in one span of time are one: a long run is not followed by all that were due meanwhile. */
function askedAgain({ source, account, entity, mode, trigger, period, hotSet, confirmDeletes, turn }: PlanSync) {
  if (turn === undefined) return {};
  const what = [mode, trigger, period?.from, period?.to, hotSet && 'hot', confirmDeletes && 'confirmed'].filter(
    Boolean,
  );
  return { jobId: ['again', source, account, entity, ...what, turn].join('.') };
}

function nextTurn({ turn = 0 }: PlanSync): number {
  return Math.max(turn, Math.floor(Date.now() / ASK_AGAIN_MS)) + 1;
}
