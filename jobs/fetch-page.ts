import { z } from 'zod';
import type { Apply } from '../db/apply/apply-landing.ts';
import type { IncomingRecord, Landing } from '../db/landing/land-records.ts';
import type { LandingSet } from '../db/landing/land-set.ts';
import { scopeOf } from '../db/record-key.ts';
import { landIds } from '../db/runs/list-ids.ts';
import { type FetchedPage, failPage, type LandedPage, landPage, readOpenPage } from '../db/runs/pages.ts';
import { redactText } from '../log/redact.ts';
import type { EntityDefinition, Page } from '../sources/define-source.ts';
import { Unauthorized, Unavailable } from '../sources/errors.ts';
import { askVendor } from './ask-vendor.ts';
import { comparePage, seenPage } from './compare-page.ts';
import { defineJob, idPart, type JobContext, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { PRIORITY } from './fetch-priority.ts';
import { fetchQueueName } from './fetch-queue.ts';
import { fetchRecord } from './fetch-record.ts';
import { followUp } from './follow-up.ts';
import { isLasting } from './is-lasting.ts';
import { incoming, landNested } from './land-nested.ts';
import { openListingIssue } from './listing-issue.ts';
import { refreshJob } from './refresh-record.ts';
import { watchFields } from './watch-fields.ts';

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
    const ask = <T>(take: (page: Page) => T | Promise<T>) =>
      askVendor(db, runId, vendor, async (asked) => take(await entity.listing.fetch(asked, token)));
    if (open.trigger === 'compare') {
      const seen = await ask((page) => seenPage(context, job, page));
      return comparePage(context, job, seen, vendor.http.requests());
    }
    if (entity.listing.idsOnly) return landList(context, job, entity, await ask(itself), vendor.http.requests());
    const { records, sets, next } = await ask((page) => unpack(context, job, entity, page, open.now));

    const landing = {
      source,
      scope: scopeOf(entity, account),
      entity: entityName,
      account,
      runId,
      fetchedAt: open.now,
      records,
      progress: { requests: vendor.http.requests() },
    };
    const ids = records.map((record) => record.externalId);
    const fetched = { token, attempt, next, ids, sets, brake: settings.deleteBrake };
    const together = sets.length > 0 || refersToItself(entity);
    const atOnce = (count: number) => together || open.fannedOut + count > settings.fanOut.perRecordLimit;
    const landed = await (atOnce(records.length)
      ? landAndApply(context, { target: context.target(source), entity, when: atOnce }, landing, fetched)
      : landPage(db, landing, fetched));
    if (!landed) return 'already done';

    await enqueue(
      fetchPage,
      landed.next.map((next) => ({ ...job, ...next })),
    );
    context.keepLanded(landed.landed);
    await followUp(context, source, landed);
    return `${landed.fetched} fetched, ${landed.fetched - landed.unchanged - landed.stale} new or changed`;
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

/** The ids of a page go into the ledger of pages, and each record is asked for. */
async function landList(
  context: JobContext,
  job: FetchPage,
  entity: EntityDefinition,
  page: Page,
  requests: number,
): Promise<string> {
  const { source, account, entity: name, runId, page: token, mode, attempt = 1 } = job;
  const ids = page.records.map((record) => {
    const id = entity.key((record ?? {}) as Record<string, unknown>);
    if (id === undefined)
      throw new Unavailable('the list names a record without its id', { source, account, entity: name });
    return id;
  });
  const target = { source, scope: scopeOf(entity, account), entity: name, account, runId };
  const landed = await landIds(context.db, target, { token, attempt, next: page.next, ids, requests });
  if (!landed) return 'already done';
  await context.enqueue(
    fetchPage,
    landed.next.map((next) => ({ ...job, page: next, attempt: 1 })),
  );
  await context.enqueue(
    fetchRecord,
    landed.records.map((externalId) =>
      refreshJob(context, { source, entity: name, externalId }, { account, runId, mode }),
    ),
  );
  await followUp(context, source, { runs: landed.runs });
  return `${ids.length} ids, ${landed.records.length} to be read`;
}

/** A run too large for a job a record: the page's records are applied where they land, all in one transaction. */
async function landAndApply(
  context: JobContext,
  apply: Apply,
  landing: Landing & { runId: string },
  page: FetchedPage,
): Promise<LandedPage | undefined> {
  try {
    return await context.inTurn(() => landPage(context.db, landing, page, apply));
  } catch (error) {
    if (!(error instanceof Error && isLasting(error))) throw error;
    // One by one, after all: what cannot be applied then fails alone, and what came is kept.
    context.log.warn(
      { err: error, entity: apply.entity.name, page: page.token },
      'a page could not be applied at once',
    );
    return landPage(context.db, landing, page);
  }
}

const itself = (page: Page) => page;

/** What a page lands, and nothing else of it: see `PackedPayload`. Lands the records inside its records, and notes its fields. */
async function unpack(
  context: JobContext,
  job: FetchPage,
  entity: EntityDefinition,
  page: Page,
  fetchedAt: Date,
): Promise<{ records: IncomingRecord[]; sets: LandingSet[]; next: string[] }> {
  const { source, account } = job;
  await landNested(context, job, entity, page.records, fetchedAt);
  await watchFields(context, source, entity, page.records);
  const sets: LandingSet[] = [];
  for (const { part, covers, records } of setsOf(context, job, entity, page)) {
    await watchFields(context, source, part, records);
    const incomingRecords = records.map((record) => incoming(part, record));
    sets.push({ entity: part, scope: scopeOf(part, account), covers, records: incomingRecords });
  }
  return { records: page.records.map((record) => incoming(entity, record)), sets, next: page.next };
}

/** The page's complete sets and those inside its records, one an entity, in the source's order: parents first. */
function setsOf({ sources }: JobContext, { source }: FetchPage, entity: EntityDefinition, page: Page) {
  const inside = entity.sets
    ? page.records.flatMap((record) => entity.sets?.((record ?? {}) as Record<string, unknown>) ?? [])
    : [];
  const byEntity = Map.groupBy([...(page.sets ?? []), ...inside], (set) => set.entity);
  return (sources.get(source)?.entities ?? [])
    .filter(({ name }) => byEntity.has(name))
    .map((part) => {
      const sets = byEntity.get(part.name) ?? [];
      return { part, covers: sets.map((set) => set.covers), records: sets.flatMap((set) => set.records) };
    });
}

/** Its parents may stand behind it on the page: together they need not wait for one another. */
function refersToItself({ name, references }: EntityDefinition): boolean {
  return references.some((reference) => reference.entity === name);
}

/** With refused credentials every further page would be refused too. */
function goesOn(error: Error): boolean {
  return !(error instanceof Unauthorized);
}
