import { z } from 'zod';
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
});
type PlanSync = z.infer<typeof payload>;

export const SYNC_QUEUE = 'sync';

export const planSync: JobDefinition<PlanSync> = defineJob({
  name: 'plan-sync',
  description: 'Opens a run of one entity of one account and asks for its first pages.',
  queue: () => SYNC_QUEUE,
  payload,
  async handle(request, { db, sources, settings, enqueue }) {
    const { source, account, entity, mode } = request;
    if (!settings.sources.find((s) => s.name === source)?.accounts.some((a) => a.name === account)) {
      return 'the account is not in the settings any more';
    }
    const { listing } = entityOf(sources, source, entity);
    const pages = listing.first();
    const { runId, opened } = await openRun(db, request, pages);
    if (!opened) return `run ${runId} is still going`;
    await enqueue(
      fetchPage,
      pages.map((page) => ({ source, account, entity, runId, page, mode })),
    );
    return `run ${runId} opened`;
  },
});
