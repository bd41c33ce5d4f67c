import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { ATTEMPTS, type JobDefinition } from '../jobs/define-job.ts';
import { redactText } from '../log/redact.ts';
import { Interrupted, InvalidRecord, RateLimited, Rejected, Unauthorized } from '../sources/errors.ts';
import type { WorkerContext } from './create-context.ts';
import type { JobEnd } from './measures.ts';

/** The one place that decides what an error does to its job: pause the queue, try again, or give up. */
export async function runJob(
  jobs: ReadonlyMap<string, JobDefinition<unknown>>,
  context: WorkerContext,
  job: Job,
  worker: Pick<Worker, 'rateLimit'>,
): Promise<unknown> {
  const startedAt = performance.now();
  const definition = jobs.get(job.name);
  const log = context.log.child({
    job: job.name,
    queue: job.queueName,
    jobId: job.id,
    attempt: job.attemptsMade + 1,
    ...idsOf(job.data),
  });
  const done = (outcome: string) => ({ outcome, durationMs: Math.round(performance.now() - startedAt) });
  const measure = (end: JobEnd, outcome?: string) =>
    context.measures.jobEnded(job, end, performance.now() - startedAt, outcome);

  if (!definition) {
    log.error({ ...done('unknown job') }, 'the job was added by another version of pmsync');
    throw new UnrecoverableError(`No job is called "${job.name}": it was added by another version of pmsync.`);
  }
  const parsed = definition.payload.safeParse(job.data);
  if (!parsed.success) {
    log.error({ ...done('invalid payload') }, 'the job was added by another version of pmsync');
    throw new UnrecoverableError(`The payload of ${job.name} is not what this version of pmsync expects.`);
  }

  try {
    const outcome = await definition.handle(parsed.data, context, job);
    measure('done', outcome);
    // Upkeep that found nothing to do has nothing to say.
    log[outcome === undefined ? 'debug' : 'info'](done(outcome ?? 'nothing to do'), job.name);
    return outcome;
  } catch (caught) {
    const error = caught instanceof Error ? caught : new Error(String(caught));
    if (error instanceof RateLimited) {
      measure('paused');
      log.warn({ ...done('rate limited'), retryAfterMs: error.retryAfterMs }, error.message);
      await worker.rateLimit(error.retryAfterMs);
      throw Worker.RateLimitError();
    }
    if (error instanceof Interrupted) {
      measure('paused');
      log.info(done('cut off'), job.name);
      throw Worker.RateLimitError();
    }
    const hopeless = error instanceof Unauthorized || error instanceof Rejected || error instanceof InvalidRecord;
    const last = hopeless || job.attemptsMade + 1 >= (job.opts.attempts ?? ATTEMPTS);
    measure(last ? 'failed' : 'retried');
    log[last ? 'error' : 'warn']({ ...done(last ? 'failed' : 'to be retried'), err: error }, job.name);
    if (last) await definition.giveUp?.(parsed.data, error, context);
    throw safeError(error, hopeless);
  }
}

/** What the queue stores and Bull Board shows: our words without secrets, no stack of a library that quotes a payload. */
function safeError(error: Error, hopeless: boolean): Error {
  const message = redactText(error.message);
  const safe = hopeless ? new UnrecoverableError(message) : new Error(message);
  safe.stack = `${error.name}: ${message}`;
  return safe;
}

function idsOf(data: unknown): Record<string, unknown> {
  const { source, account, entity, externalId, runId, page } = (data ?? {}) as Record<string, unknown>;
  return { source, account, entity, externalId, runId, page };
}
