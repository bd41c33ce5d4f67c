import { z } from 'zod';
import { releaseWaiters } from '../db/apply/release-waiters.ts';
import {
  accountsToAsk,
  countRequests,
  type Lookup,
  markGone,
  postponeLookup,
  recordAnswer,
  type TrailStep,
} from '../db/lookups.ts';
import { packPayload } from '../db/packed-payload.ts';
import { type RecordKey, scopeOf } from '../db/record-key.ts';
import { redactText } from '../log/redact.ts';
import { bytesOf } from '../sources/record-bytes.ts';
import { askVendor } from './ask-vendor.ts';
import { defineJob, idPart, type JobContext, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { PRIORITY } from './fetch-priority.ts';
import { fetchQueueName } from './fetch-queue.ts';
import { followUp } from './follow-up.ts';
import { giveUpRefresh, refreshRecord } from './refresh-record.ts';

const payload = z.object({
  source: z.string(),
  /** The account that is asked. */
  account: z.string(),
  entity: z.string(),
  externalId: z.string(),
  rateClass: z.string(),
  /** Which start of the look-up's chain this question belongs to. */
  attempt: z.number().int(),
  page: z.string().optional(),
  /** Set for a record that is here and is read again, for the run `runId`; else it is one that is missing. */
  reason: z.literal('refresh').optional(),
  runId: z.uuid().optional(),
  /** Of the run, when it is one of a listing; a re-queue has none and goes first. */
  mode: z.enum(['incremental', 'full']).optional(),
  /** One of very many that an operator has put back: what somebody waits for goes first. */
  bulk: z.boolean().optional(),
});
export type FetchRecord = z.infer<typeof payload>;

export const fetchRecord: JobDefinition<FetchRecord> = defineJob({
  name: 'fetch-record',
  description: 'One HTTP request for one record by its id; when it is nowhere, the next account is asked.',
  queue: ({ source, account, rateClass }) => fetchQueueName(source, account, rateClass),
  payload,
  options: ({ account, entity, externalId, attempt, page = '1', runId, mode, bulk }) => ({
    ...(bulk && { priority: PRIORITY.bulk, keepDone: false }),
    ...(mode && { priority: PRIORITY[mode], keepDone: false }),
    jobId: [runId ? `refresh.${runId}` : 'record', entity, idPart(externalId), account, attempt, idPart(page)].join(
      '.',
    ),
  }),

  async handle(job, context) {
    if (job.reason === 'refresh') return refreshRecord(job, context);
    const { source, account, entity: name, externalId } = job;
    const entity = entityOf(context.sources, source, name);
    const open = await context.readLookup(keyOf(job, context));
    if (!open) return 'here already';
    const { now: fetchedAt, ...lookup } = open;
    const { one } = entity;
    if (!one) throw new Error(`${source} ${name} has no way to read one record.`);

    const vendor = context.vendor(source, account, job.rateClass);
    const found = await askVendor(context.db, lookup.runId, vendor, (asked) => one.fetch(asked, externalId, job.page));
    if (!('record' in found)) {
      await countRequests(context.db, lookup.runId, vendor.http.requests());
      const answer = 'more' in found ? 'more' : 'absent';
      const note = 'more' in found ? found.more : found.absent;
      await answered(context, lookup, { account, answer, note });
      return answer === 'more' ? 'not on this page' : note;
    }
    const record = found.record as Record<string, unknown>;
    const due = await context.landFound(
      { source, scope: scopeOf(entity, account), entity: name, account, inLists: entity.listing.idsOnly !== true },
      {
        lookup,
        step: step(account, 'found', 'found'),
        record: { ...packPayload(record, bytesOf(record)), externalId, version: entity.version?.(record) ?? null },
        fetchedAt,
        requests: vendor.http.requests(),
      },
    );
    await followUp(context, source, due);
    return 'found';
  },

  /** This account cannot answer: the others may. */
  async giveUp(job, error, context) {
    if (job.reason === 'refresh') return giveUpRefresh(job, error, context);
    const lookup = await context.readLookup(keyOf(job, context));
    if (lookup)
      await answered(context, lookup, { account: job.account, answer: 'unavailable', note: redactText(error.message) });
  },
});

/** The next question of a look-up, or undefined when every account has been asked. */
export async function firstQuestion(context: JobContext, lookup: Lookup): Promise<FetchRecord | undefined> {
  const { source, entity: name, externalId } = lookup.key;
  const { one } = entityOf(context.sources, source, name);
  const question = { source, entity: name, externalId, rateClass: one?.rateClass ?? '', attempt: lookup.attempt };
  const last = lookup.trail.at(-1);
  if (last?.answer === 'more') return { ...question, account: last.account, page: last.note };

  // One that has found the record is asked again: its answer was lost before it landed.
  const asked = new Set(lookup.trail.filter(({ answer }) => answer !== 'found').map(({ account }) => account));
  const accounts = context.settings.sources.find((s) => s.name === source)?.accounts.map((a) => a.name) ?? [];
  const next = one && (await accountsToAsk(context.db, lookup, accounts)).find((account) => !asked.has(account));
  if (next) return { ...question, account: next };
  await conclude(context, lookup);
  return undefined;
}

/** A record that an operator keeps out counts as gone, unasked. */
export async function leaveOut(context: JobContext, lookup: Lookup): Promise<undefined> {
  const answer = step(lookup.account, 'absent', 'kept out by an operator');
  await recordAnswer(context.db, lookup, answer);
  await conclude(context, { ...lookup, trail: [answer] });
}

async function answered(
  context: JobContext,
  lookup: Lookup,
  { account, answer, note }: Omit<TrailStep, 'at'>,
): Promise<void> {
  const newest = step(account, answer, note);
  await recordAnswer(context.db, lookup, newest);
  const question = await firstQuestion(context, { ...lookup, trail: [...lookup.trail, newest] });
  if (question) await context.enqueue(fetchRecord, [question]);
}

/** Every account has answered: gone, unless one of them could not say. */
async function conclude(context: JobContext, lookup: Lookup): Promise<void> {
  const silent = lookup.trail.filter((answer) => answer.answer === 'unavailable');
  if (silent.length > 0) {
    await postponeLookup(context.db, lookup, silent.map(({ account, note }) => `${account}: ${note}`).join('; '));
  } else {
    await markGone(context.db, lookup);
  }
  const { source, scope, entity, externalId } = lookup.key;
  const upserts = silent.length > 0 ? [] : await releaseWaiters(context.db, { source, scope, entity }, [externalId]);
  await followUp(context, source, {
    upserts,
    runs: lookup.runId ? [{ id: lookup.runId, status: 'running', settled: true }] : [],
  });
}

function step(account: string, answer: TrailStep['answer'], note: string): TrailStep {
  return { account, at: new Date().toISOString(), answer, note };
}

function keyOf({ source, account, entity, externalId }: FetchRecord, { sources }: JobContext): RecordKey {
  return { source, scope: scopeOf(entityOf(sources, source, entity), account), entity, externalId };
}
