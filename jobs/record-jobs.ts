import type { RecordKey } from '../db/record-key.ts';
import type { JobContext, JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchRecord } from './fetch-record.ts';
import { upsertRecord } from './upsert-record.ts';

export interface RecordJob {
  job: string;
  queue: string;
  job_id: string;
  account: string;
  /** BullMQ's word: `waiting active delayed completed failed …` */
  state: string;
}

/** The jobs of a record that its queues still know of. */
export async function readRecordJobs(
  context: JobContext,
  { source, entity, externalId }: RecordKey,
  { account, version, attempts }: { account: string; version: number; attempts: number },
): Promise<RecordJob[]> {
  const { one } = entityOf(context.sources, source, entity);
  const accounts =
    context.settings.sources.find((known) => known.name === source)?.accounts.map(({ name }) => name) ?? [];
  const asked = await Promise.all([
    stateOf(context, upsertRecord, { source, account, entity, externalId, version }),
    ...accounts.map((name) =>
      one
        ? stateOf(context, fetchRecord, {
            source,
            account: name,
            entity,
            externalId,
            rateClass: one.rateClass,
            attempt: attempts,
          })
        : undefined,
    ),
  ]);
  return asked.filter((job) => job !== undefined);
}

async function stateOf<P extends { account: string }>(
  { queues }: JobContext,
  definition: JobDefinition<P>,
  payload: P,
): Promise<RecordJob | undefined> {
  const queue = definition.queue(payload);
  const jobId = definition.options?.(payload).jobId ?? '';
  const state = await queues.queue(queue).getJobState(jobId);
  if (state === 'unknown') return undefined;
  return { job: definition.name, queue, job_id: jobId, account: payload.account, state };
}
