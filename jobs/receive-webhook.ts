import { parseRecordPage } from '../db/runs/record-pages.ts';
import { askForTold, type Told, type ToldRun } from '../db/runs/webhook-run.ts';
import type { WebhookEvent } from '../sources/define-source.ts';
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

/**
 * Writes down what the vendor has told; the records are then read by `one`, before everything else in their queues. Once it
 * returns nothing can be lost: what the queue does not take now, the sweep finds. Throws when the database does not answer.
 */
export async function receiveWebhook(
  context: JobContext,
  { source, account }: { source: string; account: string },
  event: WebhookEvent,
): Promise<Received> {
  const readable = new Set(context.sources.get(source)?.entities.flatMap(({ name, one }) => (one ? [name] : [])));
  const told: Told[] = [...Map.groupBy(event.records, ({ entity }) => entity)]
    .filter(([entity]) => readable.has(entity))
    .map(([entity, records]) => ({
      source,
      account,
      entity,
      externalIds: [...new Set(records.map(({ externalId }) => externalId))],
    }));
  const runs = told.length > 0 ? await askForTold(context.db, told) : [];
  // Not waited for: a queue that is away would keep the vendor waiting, and what is written down is safe.
  context
    .enqueue(fetchRecord, jobsOf(context, runs))
    .catch((error: unknown) =>
      context.log.warn({ err: error }, 'webhook: the queue does not answer; the sweep will ask again'),
    );
  const distinct = told.reduce((sum, { externalIds }) => sum + externalIds.length, 0);
  const asked = runs.reduce((sum, run) => sum + run.asked.length, 0);
  const ignored = event.records.filter(({ entity }) => !readable.has(entity)).length;
  return { asked, repeated: distinct - asked, ignored };
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
