import type { Job } from 'bullmq';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchPage } from '../../jobs/fetch-page.ts';
import { fetchQueueName } from '../../jobs/fetch-queue.ts';
import { planSync, SYNC_QUEUE } from '../../jobs/plan-sync.ts';
import { APPLY_QUEUE } from '../../jobs/upsert-record.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten } from '../support/invariants.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const BOOKINGS = { source: 'rentprog', account: 'tbilisi', entity: 'bookings' };
const READ = fetchQueueName(BOOKINGS.source, BOOKINGS.account, 'read');
const NOT_EXPECTED = 'is not what this version of pmsync expects.';

describe.concurrent.each(queueBackends())('jobs of another version, with the queue on $name', (backend) => {
  test('what it has added with fields that nobody knows here, or without newer ones, is done', async () => {
    const simulator = await startRentprogSimulator({ seed: 3, bookings: 20, cars: 4, limits: null });
    onTestFinished(() => simulator.close());
    const system = await startSystem({ backend, simulator });
    onTestFinished(() => system.stop());
    await system.sync();
    const { id } = simulator.truth().bookings[0]!;
    const [run] = await system.runs();
    const record = { ...BOOKINGS, externalId: `${id}` };
    const older = [
      { queue: SYNC_QUEUE, name: 'plan-sync', data: { ...BOOKINGS, mode: 'incremental', trigger: 'schedule' } },
      { queue: READ, name: 'fetch-page', data: { ...BOOKINGS, runId: run!.id, page: '1.1', mode: 'full' } },
      { queue: READ, name: 'fetch-record', data: { ...record, rateClass: 'read', attempt: 0 } },
      { queue: APPLY_QUEUE, name: 'upsert-record', data: { ...record, version: 1 } },
      { queue: SYNC_QUEUE, name: 'close-run', data: { runId: run!.id } },
      { queue: SYNC_QUEUE, name: 'sweep', data: { tick: 1 } },
      { queue: SYNC_QUEUE, name: 'carry-outbox', data: { source: 'rentprog', because: 'a change' } },
      { queue: SYNC_QUEUE, name: 'alert-red', data: {} },
      { queue: SYNC_QUEUE, name: 'send-digest', data: {} },
    ];
    const newer = older.map((job) => ({ ...job, data: { ...job.data, lane: { of: 'the next version' } } }));
    for (const { queue, name, data } of [...older, ...newer]) {
      const job = await system.queues.queue(queue).add(name, data, { attempts: 1, removeOnComplete: false });
      expect(await endOf(job, system), `${name} ${JSON.stringify(data)}`).toEqual({ state: 'completed' });
    }
    await system.settled();
    await expectEqualToTruth(system.db, simulator);
  });

  test('what cannot be understood fails at once with the reason, and the work it stood for is done all the same', async () => {
    const simulator = await startRentprogSimulator({ seed: 4, bookings: 20, cars: 4, limits: null });
    onTestFinished(() => simulator.close());
    const before = await startSystem({ backend, simulator });
    onTestFinished(() => before.stop());
    await before.sync();
    await before.stopWorkers();

    // A run is open, records of its first page have landed, its other pages wait. The job of each stands in the queue under the
    // id that it has here, in another form.
    const { companyId } = simulator.branches.find(({ name }) => name === BOOKINGS.account)!;
    const own = simulator.truth().bookings.filter(({ company_id: of }) => of === companyId);
    for (const { id } of own) simulator.mutate.updateBooking(id, { total: 4711 });
    const job = {} as Job;
    await planSync.handle({ ...BOOKINGS, mode: 'incremental', trigger: 'schedule' }, before.context, job);
    const [page] = await before.table('sync_pages', `state = 'queued'`);
    const first = { ...BOOKINGS, runId: page.run_id, page: page.page, mode: 'incremental' } as const;
    await fetchPage.handle(first, before.context, job);
    expect(await before.table('source_records', `state = 'pending'`)).not.toEqual([]);
    const foreign = await disguise(before, [READ, APPLY_QUEUE]);
    expect(foreign.length).toBeGreaterThanOrEqual(2);
    expect(new Set(foreign.map(({ name }) => name))).toEqual(new Set(['fetch-page', 'upsert-record']));
    for (const queue of [SYNC_QUEUE, READ, APPLY_QUEUE])
      foreign.push(await before.queues.queue(queue).add('plan-everything', { ...BOOKINGS }, { attempts: 3 }));

    const after = await startSystem({ backend, simulator, on: before });
    onTestFinished(() => after.stop());
    for (const job of foreign) {
      const end = await endOf(job, after);
      expect(end.state).toBe('failed');
      expect(end.reason).toContain(
        job.name === 'plan-everything' ? 'No job is called "plan-everything"' : NOT_EXPECTED,
      );
      expect(end.attempts).toBe(1);
    }
    await after.settled();
    const runs = await after.runs();
    expect(runs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    expectBalanced(runs);
    await expectEqualToTruth(after.db, simulator);
    await expectNobodyForgotten(after.db);
    const said = after.logLines().filter((line) => line.includes('added by another version of pmsync'));
    expect(said).toHaveLength(foreign.length);
  });
});

/** Puts every waiting job of the queues back under its own id, in a form that nobody knows here. */
async function disguise({ queues }: System, names: string[]): Promise<Job[]> {
  const disguised: Job[] = [];
  for (const name of names) {
    const queue = queues.queue(name);
    for (const job of await queue.getJobs(['waiting', 'prioritized'])) {
      const { jobId = '', attempts = 1, priority = 0 } = job.opts;
      await job.remove();
      disguised.push(await queue.add(job.name, { work: job.data }, { jobId, attempts, priority }));
    }
  }
  return disguised;
}

interface End {
  state: string;
  reason?: string;
  attempts?: number;
}

/** How the job has ended; the reason and the number of attempts where it has failed. */
async function endOf({ id, name, queueName }: Job, { queues }: System): Promise<End> {
  const job = await waitFor(
    async () => {
      const found = (await queues.queue(queueName).getJob(id ?? '')) as Job | undefined;
      return found?.finishedOn ? found : undefined;
    },
    { describe: `a foreign ${name} has ended`, timeoutMs: 60_000, intervalMs: 50 },
  );
  if (job.failedReason === undefined) return { state: 'completed' };
  return { state: 'failed', reason: job.failedReason, attempts: job.attemptsMade };
}
