import { answerAbsent } from '../db/deletes/answer-absent.ts';
import { noteFound } from '../db/found-by-id.ts';
import type { RecordKey } from '../db/record-key.ts';
import { scopeOf } from '../db/record-key.ts';
import { beginPage } from '../db/runs/ask-again.ts';
import type { UnfinishedPage } from '../db/runs/lost-work.ts';
import { failPage, failRecordPages, landPage, type OpenPage, readOpenPage } from '../db/runs/pages.ts';
import { parseRecordPage, recordPage } from '../db/runs/record-pages.ts';
import { redactText } from '../log/redact.ts';
import type { EntityDefinition, Found } from '../sources/define-source.ts';
import { Unauthorized } from '../sources/errors.ts';
import { askVendor } from './ask-vendor.ts';
import type { JobContext } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { type FetchRecord, fetchRecord } from './fetch-record.ts';
import { followUp } from './follow-up.ts';
import { incoming, landNested } from './land-nested.ts';
import { openListingIssue } from './listing-issue.ts';
import { watchFields } from './watch-fields.ts';

/**
 * A record read by its id at its own account, for a run: each such request is a page of the run, so the run stays open
 * until the last one is answered. For a re-queue what is found lands whatever its hash says. What is not found gets a
 * tombstone where absence means that; elsewhere it stays as it is.
 */
export async function refreshRecord(job: FetchRecord, context: JobContext): Promise<string> {
  const { source, account, entity: name, externalId, runId = '', page, attempt } = job;
  const entity = entityOf(context.sources, source, name);
  const { one } = entity;
  if (!one) throw new Error(`${source} ${name} has no way to read one record.`);
  const token = recordPage(externalId, page);
  const open = await readOpenPage(context.db, runId, token, attempt);
  if (!open) return 'already done';
  if (open.trigger === 'webhook') await beginPage(context.db, runId, token, attempt);

  const vendor = context.vendor(source, account, job.rateClass);
  const found = await askVendor(context.db, runId, vendor, (asked) => one.fetch(asked, externalId, page));
  const requests = vendor.http.requests();
  if ('absent' in found && entity.absence === 'deleted') return bury(job, context, entity, { open, requests });
  return land(job, context, entity, { open, requests, found });
}

interface Answered {
  open: OpenPage;
  requests: number;
}

async function land(
  job: FetchRecord,
  context: JobContext,
  entity: EntityDefinition,
  { open, requests, found }: Answered & { found: Found },
): Promise<string> {
  const { source, account, entity: name, externalId, runId = '', page, attempt } = job;
  const record = 'record' in found ? (found.record as Record<string, unknown>) : undefined;
  const forced = open.trigger === 'requeue';
  if (record) await watchFields(context, source, entity, [record]);
  if (record && !forced) await landNested(context, job, entity, [record], open.now);
  const landed = await landPage(
    context.db,
    {
      source,
      scope: scopeOf(entity, account),
      entity: name,
      account,
      runId,
      fetchedAt: open.now,
      force: forced,
      records: record ? [{ ...incoming(entity, record), externalId }] : [],
      progress: { requests },
    },
    {
      token: recordPage(externalId, page),
      attempt,
      next: 'more' in found ? [recordPage(externalId, found.more)] : [],
      ids: record ? [externalId] : [],
      again: open.trigger === 'webhook',
    },
  );
  if (!landed) return 'already done';
  // Where lists name bare ids, every record is read like this, and it says nothing of the list.
  if (record && !entity.listing.idsOnly) {
    await noteFound(context.db, { source, scope: scopeOf(entity, account), entity: name, externalId });
  }
  context.keepLanded(landed.landed);
  await context.enqueue(
    fetchRecord,
    landed.next.map((next) => ({ ...job, page: parseRecordPage(next.page)?.searchPage, attempt: next.attempt })),
  );
  await followUp(context, source, landed);
  if (record) return landed.landed.length > 0 ? 'found' : 'found, unchanged';
  return 'absent' in found ? found.absent : 'not on this page';
}

async function bury(
  job: FetchRecord,
  context: JobContext,
  entity: EntityDefinition,
  { open, requests }: Answered,
): Promise<string> {
  const { source, account, entity: name, externalId, runId = '', page, attempt } = job;
  const target = { source, account, entity: name, table: entity.table };
  const record = { scope: scopeOf(entity, account), externalId, runId, token: recordPage(externalId, page), attempt };
  const { deleteBrake } = context.settings;
  const answered = await answerAbsent(context.db, target, deleteBrake, { ...record, asked: open.now, requests });
  if (!answered) return 'already done';
  await followUp(context, source, { runs: answered.runs });
  if (answered.held) return 'not at the source; the delete brake holds it';
  return answered.deleted > 0 ? 'not at the source: deleted' : 'not at the source';
}

/** The account cannot answer: the run cannot turn green, the record stays as it is. */
export async function giveUpRefresh(job: FetchRecord, error: Error, context: JobContext): Promise<void> {
  const { source, runId = '' } = job;
  const message = redactText(error.message);
  const page = recordPage(job.externalId, job.page);
  const { runs } = await failPage(context.db, runId, page, message, [], job.attempt);
  if (job.mode) await openListingIssue(context, { ...job, runId, page }, error, message);
  if (error instanceof Unauthorized) runs.push(...(await failRecordPages(context.db, runId, message)));
  await followUp(context, source, { runs });
}

export function refreshJob(
  context: JobContext,
  { source, entity, externalId }: Omit<RecordKey, 'scope'>,
  { account, runId, mode }: { account: string; runId: string; mode?: FetchRecord['mode'] },
): FetchRecord {
  const { one } = entityOf(context.sources, source, entity);
  const rateClass = one?.rateClass ?? 'read';
  return {
    source,
    account,
    entity,
    externalId,
    rateClass,
    attempt: 1,
    reason: 'refresh',
    runId,
    ...(mode && { mode }),
  };
}

/** The job of an unfinished page, when that page is a record that is read by its id. */
export function refreshOfPage(context: JobContext, unfinished: UnfinishedPage): FetchRecord | undefined {
  const { source, account, entity, runId, page, attempt, kind, trigger, mode } = unfinished;
  const parsed = kind === 'record' ? parseRecordPage(page) : undefined;
  if (!parsed) return undefined;
  const { externalId, searchPage } = parsed;
  const run = { account, runId, ...(trigger !== 'requeue' && trigger !== 'webhook' && { mode }) };
  return { ...refreshJob(context, { source, entity, externalId }, run), page: searchPage, attempt };
}
