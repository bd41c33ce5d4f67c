import { countRequests } from '../db/lookups.ts';
import type { RecordKey } from '../db/record-key.ts';
import { scopeOf } from '../db/record-key.ts';
import { parseRefreshPage, refreshPage } from '../db/requeue.ts';
import { beginPage } from '../db/runs/ask-again.ts';
import type { UnfinishedPage } from '../db/runs/lost-work.ts';
import { failPage, landPage, readOpenPage } from '../db/runs/pages.ts';
import { redactText } from '../log/redact.ts';
import type { JobContext } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { type FetchRecord, fetchRecord } from './fetch-record.ts';
import { followUp } from './follow-up.ts';
import { upsertRecord } from './upsert-record.ts';

/**
 * A record read again at its own account, for a run of re-queued records or of those that the vendor has told of. What is
 * found lands, for a re-queue whatever its hash says; a record that is not found stays as it is. Each request is a page of
 * the run, so the run stays open until the last one is answered.
 */
export async function refreshRecord(job: FetchRecord, context: JobContext): Promise<string> {
  const { source, account, entity: name, externalId, runId = '', page, attempt } = job;
  const { db } = context;
  const entity = entityOf(context.sources, source, name);
  if (!entity.one) throw new Error(`${source} ${name} has no way to read one record.`);
  const token = refreshPage(externalId, page);
  const open = await readOpenPage(db, runId, token, attempt);
  if (!open) return 'already done';
  const told = open.trigger === 'webhook';
  if (told) await beginPage(db, runId, token, attempt);

  const vendor = context.vendor(source, account);
  const found = await entity.one.fetch(vendor, externalId, page).catch(async (error: unknown) => {
    await countRequests(db, runId, vendor.http.requests());
    throw error;
  });
  const record = 'record' in found ? (found.record as Record<string, unknown>) : undefined;
  const landed = await landPage(
    db,
    {
      source,
      scope: scopeOf(entity, account),
      entity: name,
      account,
      runId,
      fetchedAt: open.now,
      force: open.trigger === 'requeue',
      records: record ? [{ externalId, payload: record, version: entity.version?.(record) ?? null }] : [],
      progress: { requests: vendor.http.requests() },
    },
    {
      token,
      attempt,
      next: 'more' in found ? [refreshPage(externalId, found.more)] : [],
      ids: record ? [externalId] : [],
      again: told,
    },
  );
  if (!landed) return 'already done';
  await context.enqueue(
    upsertRecord,
    landed.landed.map(({ version }) => ({ source, account, entity: name, externalId, version })),
  );
  await context.enqueue(
    fetchRecord,
    landed.next.map((next) => ({ ...job, page: parseRefreshPage(next.page)?.searchPage, attempt: next.attempt })),
  );
  await followUp(context, source, { runs: landed.runs });
  if (record) return 'found';
  return 'absent' in found ? found.absent : 'not on this page';
}

/** The account cannot answer: the run cannot turn green, the record stays as it is. */
export async function giveUpRefresh(job: FetchRecord, error: Error, context: JobContext): Promise<void> {
  const token = refreshPage(job.externalId, job.page);
  const { runs } = await failPage(context.db, job.runId ?? '', token, redactText(error.message), [], job.attempt);
  await followUp(context, job.source, { runs });
}

export function refreshJob(
  context: JobContext,
  { source, entity, externalId }: Omit<RecordKey, 'scope'>,
  account: string,
  runId: string,
): FetchRecord {
  const { one } = entityOf(context.sources, source, entity);
  return {
    source,
    account,
    entity,
    externalId,
    rateClass: one?.rateClass ?? 'read',
    attempt: 1,
    reason: 'refresh',
    runId,
  };
}

/** The job of an unfinished page, when that page is a record that is read again. */
export function refreshOfPage(context: JobContext, unfinished: UnfinishedPage): FetchRecord | undefined {
  const { source, account, entity, runId, page, attempt } = unfinished;
  const parsed = parseRefreshPage(page);
  if (!parsed) return undefined;
  const { externalId } = parsed;
  return { ...refreshJob(context, { source, entity, externalId }, account, runId), page: parsed.searchPage, attempt };
}
