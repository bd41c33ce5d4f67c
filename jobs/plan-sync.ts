import { z } from 'zod';
import { readListingPlan } from '../db/runs/listing-plan.ts';
import { openRun } from '../db/runs/open-run.ts';
import { defineJob, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchPage } from './fetch-page.ts';

const payload = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  mode: z.enum(['incremental', 'full']),
  trigger: z.enum(['schedule', 'manual']),
  /** A full run that found another one going. */
  again: z.boolean().optional(),
});
type PlanSync = z.infer<typeof payload>;

export const SYNC_QUEUE = 'sync';

const ASK_AGAIN_MS = 30_000;

export const planSync: JobDefinition<PlanSync> = defineJob({
  name: 'plan-sync',
  description: 'Opens a run of one entity of one account and asks for its first pages.',
  queue: () => SYNC_QUEUE,
  payload,
  options: ({ again }) => (again ? { delayMs: ASK_AGAIN_MS } : {}),
  async handle(request, { db, sources, settings, enqueue }) {
    const { source, account, entity, mode } = request;
    const of = settings.sources.find((s) => s.name === source)?.accounts.find((a) => a.name === account);
    if (!of) return 'the account is not in the settings any more';
    const { listing } = entityOf(sources, source, entity);
    const plan = await readListingPlan(db, { account: of, entity, mode, period: null });
    const pages = listing.first(plan);
    const { runId, opened } = await openRun(db, request, pages);
    if (!opened && mode === 'full') {
      // An incremental run does not stand for it: asked for again until it can begin.
      await enqueue(planSync, [{ ...request, again: true }]);
      return `run ${runId} is still going; the full run waits for it`;
    }
    if (!opened) return `run ${runId} is still going`;
    await enqueue(
      fetchPage,
      pages.map((page) => ({ source, account, entity, runId, page, mode })),
    );
    return `run ${runId} opened`;
  },
});
