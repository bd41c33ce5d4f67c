import { Gauge, type Registry } from 'prom-client';
import { SYNC_QUEUE } from '../../jobs/plan-sync.ts';
import type { Queues } from '../../jobs/queues.ts';
import type { KnownQueue } from '../queues-of.ts';
import type { Figures } from './figures.ts';
import { type QueueCounts, queueText } from './queue-text.ts';

interface QueueState extends QueueCounts {
  oldestAt: number | undefined;
}

interface Found {
  queues: QueueState[];
  workers: number;
}

/** What the queue backend knows. `text` is BullMQ's metrics of all queues, as they were read last. */
export function queueFigures(
  queues: Queues,
  known: readonly KnownQueue[],
  registry: Registry,
): Figures<Found> & { text(): string } {
  const oldest = new Gauge({
    name: 'pmsync_queue_oldest_waiting_seconds',
    help: 'How long the next job of a queue has been waiting; 0 when none waits.',
    labelNames: ['queue'],
    registers: [registry],
  });
  // Every process with workers has one for this queue.
  const workers = new Gauge({
    name: 'pmsync_worker_processes',
    help: 'Processes that work on the queues.',
    registers: [registry],
  });
  let text = '';
  const clear = () => {
    oldest.reset();
    workers.remove();
    text = '';
  };

  return {
    part: 'queue',
    async read() {
      const [states, count] = await Promise.all([
        Promise.all(known.map(({ name }) => readState(queues, name))),
        queues.queue(SYNC_QUEUE).getWorkersCount(),
      ]);
      return { queues: states, workers: count };
    },
    show(found) {
      clear();
      const now = Date.now();
      for (const { name, oldestAt } of found.queues)
        oldest.set({ queue: name }, oldestAt === undefined ? 0 : Math.max(0, (now - oldestAt) / 1000));
      workers.set(found.workers);
      text = queueText(found.queues);
    },
    clear,
    text: () => text,
  };
}

/** One question for a queue that stands still; its totals are two more, on Redis only: on PostgreSQL nobody counts them. */
async function readState({ queue: open, backend }: Queues, name: string): Promise<QueueState> {
  const queue = open(name);
  const [jobs, finished] = await Promise.all([
    queue.getJobCounts(),
    backend === 'redis' ? readTotals(queue) : undefined,
  ]);
  const fronts = await Promise.all(
    (['waiting', 'prioritized'] as const).map((state) => (jobs[state] ? queue.getJobs([state], 0, 0, true) : [])),
  );
  const since = fronts.flat().map((job) => job.timestamp);
  return { name, jobs, finished, oldestAt: since.length > 0 ? Math.min(...since) : undefined };
}

/** Without the points by the minute. */
async function readTotals(queue: ReturnType<Queues['queue']>): Promise<QueueCounts['finished']> {
  const [completed, failed] = await Promise.all([
    queue.getMetrics('completed', 0, 0),
    queue.getMetrics('failed', 0, 0),
  ]);
  return { completed: completed.meta.count, failed: failed.meta.count };
}
