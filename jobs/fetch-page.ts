import { z } from 'zod';
import { openIssues } from '../db/issues.ts';
import { jsonText, payloadHash } from '../db/json.ts';
import { type IncomingRecord, landRecords } from '../db/landing/land-records.ts';
import { countRequests } from '../db/lookups.ts';
import { scopeOf } from '../db/record-key.ts';
import { failPage, landPage, readOpenPage } from '../db/runs/pages.ts';
import { transaction } from '../db/transaction.ts';
import { redactText } from '../log/redact.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import { SourceError, Unauthorized } from '../sources/errors.ts';
import { comparePage } from './compare-page.ts';
import { defineJob, idPart, type JobContext, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchQueueName } from './fetch-queue.ts';
import { followUp } from './follow-up.ts';
import { upsertPage } from './upsert-page.ts';
import { upsertRecord } from './upsert-record.ts';

const payload = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  runId: z.uuid(),
  page: z.string(),
  mode: z.enum(['incremental', 'full']),
  attempt: z.number().int().optional(),
});
export type FetchPage = z.infer<typeof payload>;

/** Webhooks and missing parents have none and go first; then incremental, then full; parents before what refers to them. */
const PRIORITY = { incremental: 100, full: 200 } as const;

export const fetchPage: JobDefinition<FetchPage> = defineJob({
  name: 'fetch-page',
  description: 'One HTTP request for one page of a listing; lands it and hands on what is new.',
  queue: ({ source, account }) => fetchQueueName(source, account, 'read'),
  payload,
  options: ({ runId, page, mode, attempt = 1 }) => ({
    jobId: `page.${runId}.${idPart(page)}.${attempt}`,
    priority: PRIORITY[mode],
  }),

  async handle(job, context) {
    const { source, account, entity: entityName, runId, page: token, attempt = 1 } = job;
    const { db, sources, settings, enqueue } = context;
    const entity = entityOf(sources, source, entityName);
    const open = await readOpenPage(db, runId, token, attempt);
    if (!open) return 'already done';

    const vendor = context.vendor(source, account);
    let page: Awaited<ReturnType<EntityDefinition['listing']['fetch']>>;
    try {
      page = await entity.listing.fetch(vendor, token);
    } catch (error) {
      await countRequests(db, runId, vendor.http.requests());
      throw error;
    }
    if (open.trigger === 'compare') return comparePage(context, job, page, vendor.http.requests());
    const records = page.records.map((record) => incoming(entity, record));
    await landNested(context, job, entity, page.records, open.now);

    const byPage = open.fannedOut > settings.fanOut.perRecordLimit;
    const landed = await landPage(
      db,
      {
        source,
        scope: scopeOf(entity, account),
        entity: entityName,
        account,
        runId,
        page: byPage ? token : null,
        fetchedAt: open.now,
        records,
        progress: { requests: vendor.http.requests() },
      },
      { token, attempt, next: page.next, ids: records.map((record) => record.externalId) },
    );
    if (!landed) return 'already done';

    await enqueue(
      fetchPage,
      landed.next.map((next) => ({ ...job, ...next })),
    );
    if (byPage && landed.landed.length > 0)
      await enqueue(upsertPage, [{ source, account, entity: entityName, runId, page: token }]);
    else {
      await enqueue(
        upsertRecord,
        landed.landed.map(({ externalId, version }) => ({ source, account, entity: entityName, externalId, version })),
      );
    }
    await followUp(context, source, { runs: landed.runs });
    return `${landed.fetched} fetched, ${landed.landed.length} new or changed`;
  },

  async giveUp(job, error, context) {
    const { source, entity, runId, page, attempt } = job;
    const { listing } = entityOf(context.sources, source, entity);
    const message = redactText(error.message);
    const { runs, next, trigger } = await failPage(
      context.db,
      runId,
      page,
      message,
      goesOn(error) ? (listing.after?.(page) ?? []) : [],
      attempt,
    );
    // A comparison says so itself, and no later one would close the issue.
    if (trigger !== 'compare') await openListingIssue(context, job, error, message);
    await context.enqueue(
      fetchPage,
      next.map((token) => ({ ...job, page: token, attempt: 1 })),
    );
    await followUp(context, source, { runs });
  },
});

/** With refused credentials every further page would be refused too. */
function goesOn(error: Error): boolean {
  return !(error instanceof Unauthorized);
}

async function openListingIssue(
  { db }: JobContext,
  { source, account, entity, runId, page }: FetchPage,
  error: Error,
  message: string,
) {
  const kind =
    error instanceof SourceError && error.code !== 'UNAVAILABLE'
      ? error instanceof Unauthorized
        ? 'unauthorized'
        : 'rejected'
      : 'unavailable';
  await transaction(db, (trx) =>
    openIssues(trx, [
      {
        source,
        account,
        entity,
        externalId: null,
        kind,
        message: `page ${page}: ${message}`,
        details: { page },
        runId,
      },
    ]),
  );
}

function incoming(entity: EntityDefinition, record: unknown): IncomingRecord {
  const isObject = record !== null && typeof record === 'object' && !Array.isArray(record);
  const fields = isObject ? (record as Record<string, unknown>) : {};
  return {
    // A record without an id is kept under a name made of its content, and quarantined by its schema.
    externalId: entity.key(fields) ?? `no-id-${payloadHash(jsonText(record))}`,
    payload: record,
    version: entity.version?.(fields) ?? null,
  };
}

/** Lands the records inside the page's records: what is known already, and fuller, stays. */
async function landNested(
  context: JobContext,
  { source, account }: FetchPage,
  entity: EntityDefinition,
  records: unknown[],
  fetchedAt: Date,
) {
  const { nested } = entity;
  if (!nested) return;
  const inside = records.flatMap((record) =>
    record && typeof record === 'object' ? nested(record as Record<string, unknown>) : [],
  );
  for (const [name, group] of Map.groupBy(inside, (one) => one.entity)) {
    const inner = entityOf(context.sources, source, name);
    const { landed } = await transaction(context.db, (trx) =>
      landRecords(trx, {
        source,
        scope: scopeOf(inner, account),
        entity: name,
        account,
        runId: null,
        fetchedAt,
        partial: true,
        records: group.map((one) => incoming(inner, one.record)),
      }),
    );
    await context.enqueue(
      upsertRecord,
      landed.map(({ externalId, version }) => ({ source, account, entity: name, externalId, version })),
    );
  }
}
