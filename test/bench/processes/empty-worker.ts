import { createEnqueue } from '../../../jobs/enqueue.ts';
import { openQueues } from '../../../jobs/queues.ts';
import { APPLY_QUEUE, upsertRecord } from '../../../jobs/upsert-record.ts';
import { APPLY_CONCURRENCY } from '../../../workers/start-workers.ts';
import { answerQuestions } from './child.ts';

export interface EmptyJobs {
  databaseUrl: string;
  redisUrl?: string | undefined;
  prefix: string;
  count: number;
}

/** As many as a page has. */
const AT_ONCE = 500;

/**
 * The jobs of the per-record lane, with its ids, payloads, options, concurrency and metrics, and a handler that does nothing.
 * They are added page after page by the process that works on them, as `fetch-page` does.
 */
answerQuestions({
  async run({ count, ...connection }: EmptyJobs) {
    const onError = (error: Error) => process.stderr.write(`${error.message}\n`);
    const queues = openQueues({ ...connection, onError });
    const enqueue = createEnqueue(queues);
    let left = 0;
    let done = Promise.withResolvers<void>();
    const worker = queues.worker(
      APPLY_QUEUE,
      async () => {
        left -= 1;
        if (left === 0) done.resolve();
        return 'inserted';
      },
      { concurrency: APPLY_CONCURRENCY },
    );
    await worker.waitUntilReady();
    const working = worker.run();

    /** Seconds. */
    const workOff = async (entity: string, jobs: number) => {
      [left, done] = [jobs, Promise.withResolvers<void>()];
      const began = performance.now();
      for (let start = 1; start <= jobs; start += AT_ONCE) await enqueue(upsertRecord, page(entity, start, jobs));
      await done.promise;
      return (performance.now() - began) / 1000;
    };
    // The worker it is held against has loaded half as many clients before.
    await workOff('clients', Math.ceil(count / 2));
    const seconds = await workOff('bookings', count);

    await worker.close();
    await working;
    await queues.queue(APPLY_QUEUE).obliterate({ force: true });
    await queues.close();
    return { seconds };
  },
});

function page(entity: string, start: number, last: number) {
  const length = Math.min(AT_ONCE, last - start + 1);
  const record = { source: 'rentprog', account: 'one', entity, version: 1 };
  return Array.from({ length }, (_, i) => ({ ...record, externalId: String(900_000 + start + i) }));
}
