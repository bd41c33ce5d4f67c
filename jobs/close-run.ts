import { sql } from 'kysely';
import { z } from 'zod';
import { closeRun } from '../db/runs/close-run.ts';
import { defineJob, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchPage } from './fetch-page.ts';
import { lookUp } from './follow-up.ts';
import { SYNC_QUEUE } from './plan-sync.ts';

const payload = z.object({ runId: z.uuid() });
type CloseRun = z.infer<typeof payload>;

/** Triggers whose runs read a listing. */
const LISTING = new Set(['schedule', 'manual', 'compare']);

export const closeRunJob: JobDefinition<CloseRun> = defineJob({
  name: 'close-run',
  description: 'Closes a run whose records are all in a terminal state, once its ledger balances.',
  queue: () => SYNC_QUEUE,
  payload,
  async handle({ runId }, context) {
    const { rows } = await sql<{
      source: string;
      account: string;
      entity: string;
      mode: 'incremental' | 'full';
      trigger: string;
    }>`
      select source, account, entity, mode, trigger from sync_log where id = ${runId}::uuid and status = 'running'`.execute(
      context.db,
    );
    const run = rows[0];
    if (!run) return 'closed already';
    const { source, account, entity, mode, trigger } = run;
    // The others have read no listing.
    const { verify } = !LISTING.has(trigger) ? {} : entityOf(context.sources, source, entity).listing;
    const closing = await closeRun(context.db, runId, verify);
    if (!closing.closed) {
      await context.enqueue(
        fetchPage,
        closing.pages.map((page) => ({ source, account, entity, runId, page, mode })),
      );
      return closing.pages.length > 0 ? 'the listing is read again' : 'not settled yet';
    }
    // What this listing was waited for: parents that were not in it after all.
    await lookUp(context, source, entity);
    return closing.status;
  },
});
