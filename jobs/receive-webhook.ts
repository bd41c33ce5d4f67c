import { parseRecordPage } from '../db/runs/record-pages.ts';
import { askForTold, type Told, type ToldRun } from '../db/runs/webhook-run.ts';
import type { WebhookEvent } from '../sources/define-source.ts';
import { createCoalescer } from './coalescer.ts';
import type { JobContext } from './define-job.ts';
import { fetchRecord } from './fetch-record.ts';
import { refreshJob } from './refresh-record.ts';

export interface Received {
  /** Records that are read again because of this event. */
  asked: number;
  /** Records whose reading had been asked for and has not begun. */
  repeated: number;
  /** Records of entities that the source cannot read one by one, or does not mirror. */
  ignored: number;
}

/** An event, and the account that it came to. */
export interface WebhookCall {
  source: string;
  account: string;
  event: WebhookEvent;
}

const MOST_EVENTS = 500;

/**
 * How this process takes webhooks. Each call writes down what the vendor has told; the records are then read by `one`, before
 * everything else in their queues. Once it returns nothing can be lost: what the queue does not take now, the sweep finds.
 * Throws when the database does not answer. Events that arrive while others are being written down share the next
 * transaction: they come in storms, and all those of an account and entity meet at the same run.
 */
export function createReceiveWebhook(context: JobContext): (call: WebhookCall) => Promise<Received> {
  return createCoalescer<WebhookCall, Received>(
    async (calls) => {
      const targets = toldBy(context, calls);
      const runs = targets.length > 0 ? await askForTold(context.db, targets) : [];
      // Not waited for: a queue that is away would keep the vendor waiting, and what is written down is safe.
      context
        .enqueue(fetchRecord, jobsOf(context, runs))
        .catch((error: unknown) =>
          context.log.warn({ err: error }, 'webhook: the queue does not answer; the sweep will ask again'),
        );
      return answersOf(context, runs);
    },
    { most: MOST_EVENTS, atOnce: 1 },
  );
}

function readableOf({ sources }: JobContext, source: string): ReadonlySet<string> {
  return new Set(sources.get(source)?.entities.flatMap(({ name, one }) => (one ? [name] : [])));
}

/** Each record once. */
function toldBy(context: JobContext, calls: readonly WebhookCall[]): Told[] {
  const targets = new Map<string, Told & { externalIds: string[] }>();
  for (const { source, account, event } of calls) {
    const readable = readableOf(context, source);
    for (const { entity, externalId } of event.records) {
      if (!readable.has(entity)) continue;
      const name = `${source} ${account} ${entity}`;
      const told = targets.get(name) ?? { source, account, entity, externalIds: [] };
      targets.set(name, told);
      told.externalIds.push(externalId);
    }
  }
  return [...targets.values()].map((told) => ({ ...told, externalIds: [...new Set(told.externalIds)] }));
}

/** The first event that names a record has asked for it; the others of the batch repeat it. */
function answersOf(context: JobContext, runs: readonly ToldRun[]): (call: WebhookCall) => Received {
  const nameOf = (source: string, account: string, entity: string, externalId: string) =>
    JSON.stringify([source, account, entity, externalId]);
  const left = new Set(
    runs.flatMap(({ source, account, entity, asked }) =>
      asked.map(({ page }) => nameOf(source, account, entity, parseRecordPage(page)?.externalId ?? '')),
    ),
  );
  return ({ source, account, event }) => {
    const readable = readableOf(context, source);
    const known = event.records.filter(({ entity }) => readable.has(entity));
    const named = new Set(known.map(({ entity, externalId }) => nameOf(source, account, entity, externalId)));
    const asked = [...named].filter((name) => left.delete(name)).length;
    return { asked, repeated: named.size - asked, ignored: event.records.length - known.length };
  };
}

function jobsOf(context: JobContext, runs: readonly ToldRun[]) {
  return runs.flatMap(({ source, account, entity, runId, asked }) =>
    asked.flatMap(({ page, attempt }) => {
      const externalId = parseRecordPage(page)?.externalId;
      return externalId === undefined
        ? []
        : [{ ...refreshJob(context, { source, entity, externalId }, { account, runId }), attempt }];
    }),
  );
}
