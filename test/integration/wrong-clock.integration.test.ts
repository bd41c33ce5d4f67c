import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createEnqueue } from '../../jobs/enqueue.ts';
import { fetchPage } from '../../jobs/fetch-page.ts';
import { lifeOf } from '../../jobs/life-of.ts';
import { openQueues } from '../../jobs/queues.ts';
import { queueBackends } from '../support/backends.ts';
import { createTestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR = 3_600_000;

test.each(queueBackends())('a retry that a wrong clock has put off for an hour is woken, on $name', async (backend) => {
  const database = await createTestDatabase();
  const queues = openQueues({ ...backend, databaseUrl: database.url, onError: () => {} });
  const page = { source: 'rentprog', account: 'tbilisi', entity: 'clients', runId: randomUUID(), page: '1' };
  const payload = { ...page, mode: 'full' } as const;
  const name = fetchPage.queue(payload);
  let attempts = 0;
  const worker = queues.worker(
    name,
    async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
    },
    { concurrency: 1 },
  );
  try {
    await worker.waitUntilReady();
    vi.spyOn(Date, 'now').mockImplementation(() => Math.round(performance.timeOrigin + performance.now()) + HOUR);
    void worker.run();
    await createEnqueue(queues)(fetchPage, [payload]);
    await waitFor(async () => (await queues.queue(name).getJobCounts('delayed')).delayed === 1, {
      describe: 'it waits for its second attempt',
    });
    vi.restoreAllMocks();
    expect(attempts).toBe(1);
    // As the sweep asks. On PostgreSQL the server's clock counts, and nothing has to be done.
    await waitFor(async () => (await lifeOf(queues, fetchPage, payload)) === 'finished', { describe: 'it is done' });
    expect(attempts).toBe(2);
  } finally {
    vi.restoreAllMocks();
    await worker.close();
    await queues.close();
    await database.drop();
  }
});
