import { Gauge, type Registry } from 'prom-client';
import { SYNC_QUEUE } from '../../jobs/plan-sync.ts';
import type { Queues } from '../../jobs/queues.ts';
import type { KnownQueue } from '../queues-of.ts';
import type { Figures } from './figures.ts';
import { mergeMetrics } from './merge-metrics.ts';

interface QueueState {
  name: string;
  /** BullMQ's own metrics of the queue. */
  text: string;
  oldestAt: number | undefined;
}

interface Found {
  queues: QueueState[];
  workers: number;
}

/** What the queue backend knows. `text` is BullMQ's own metrics of all queues, as they were read last. */
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
      text = mergeMetrics(found.queues.map((queue) => queue.text));
    },
    clear,
    text: () => text,
  };
}

async function readState({ queue: open, backend }: Queues, name: string): Promise<QueueState> {
  const queue = open(name);
  const own = await queue.exportPrometheusMetrics();
  const waits = (state: string) => new RegExp(`state="${state}"[^}]*\\} [1-9]`).test(own);
  const fronts = await Promise.all([
    waits('waiting') ? queue.getJobs(['waiting'], 0, 0, true) : [],
    waits('prioritized') ? queue.getJobs(['prioritized'], 0, 0, true) : [],
  ]);
  const since = fronts.flat().map((job) => job.timestamp);
  // Finished jobs are counted on Redis only (jobs/queues.ts): here the totals would always be 0.
  const text = backend === 'redis' ? own : own.replaceAll(/^.*bullmq_job_(completed|failed)_total.*\n?/gm, '');
  return { name, text, oldestAt: since.length > 0 ? Math.min(...since) : undefined };
}
