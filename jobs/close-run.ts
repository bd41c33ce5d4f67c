import { sql } from 'kysely';
import { z } from 'zod';
import { scopeOf } from '../db/record-key.ts';
import { type ClosingRules, closeRun } from '../db/runs/close-run.ts';
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchPage } from './fetch-page.ts';
import { fetchRecord } from './fetch-record.ts';
import { lookUp } from './follow-up.ts';
import { SYNC_QUEUE } from './plan-sync.ts';
import { refreshJob } from './refresh-record.ts';

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
    const { source, account, entity, mode } = run;
    const closing = await closeRun(context.db, runId, rulesOf(context, run));
    if (!closing.closed) {
      await context.enqueue(
        fetchPage,
        closing.pages.map((page) => ({ source, account, entity, runId, page, mode })),
      );
      await context.enqueue(
        fetchRecord,
        closing.records.map((externalId) =>
          refreshJob(context, { source, entity, externalId }, { account, runId, mode }),
        ),
      );
      if (closing.records.length > 0)
        return `${closing.records.length} records that were not listed are read one by one`;
      return closing.pages.length > 0 ? 'the listing is read again' : 'not settled yet';
    }
    // What this listing was waited for: parents that were not in it after all.
    await lookUp(context, source, entity);
    return closing.status;
  },
});

function rulesOf(
  { sources, settings }: JobContext,
  { source, account, entity: name, trigger }: { source: string; account: string; entity: string; trigger: string },
): ClosingRules {
  // The others have read no listing.
  if (!LISTING.has(trigger)) return {};
  const entity = entityOf(sources, source, name);
  const { verify } = entity.listing;
  // A comparison only tells.
  if (trigger === 'compare') return verify ? { verify } : {};
  const absence = entity.absence === 'deleted' && {
    table: entity.table,
    scope: scopeOf(entity, account),
    brake: settings.deleteBrake,
    verifiable: entity.one !== undefined,
  };
  return { ...(verify && { verify }), ...(absence && { absence }) };
}
