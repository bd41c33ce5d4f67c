import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Queues } from '../jobs/queues.ts';
import { createProbe } from './probe.ts';
import type { KnownQueue } from './queues-of.ts';

/** They describe the process, so one set whatever the number of servers in it. */
let processMetrics: Registry | undefined;

/**
 * `/metrics`: the process, the number of jobs of every queue by state, and what else counts in the registry. No label holds
 * an id.
 */
export function addMetrics(app: FastifyInstance, queues: Queues, known: readonly KnownQueue[], own: Registry): void {
  if (!processMetrics) {
    processMetrics = new Registry();
    collectDefaultMetrics({ register: processMetrics });
  }
  const jobs = new Gauge({
    name: 'pmsync_queue_jobs',
    help: 'Jobs of a queue by state.',
    labelNames: ['queue', 'state'],
    registers: [own],
  });
  const up = new Gauge({ name: 'pmsync_queue_up', help: '1 when the queues answer.', registers: [own] });

  const count = createProbe(async () => {
    const counts = await Promise.all(
      known.map(async ({ name }) => [name, await queues.queue(name).getJobCounts()] as const),
    );
    for (const [queue, states] of counts) {
      for (const [state, number] of Object.entries(states)) jobs.set({ queue, state }, number);
    }
  });
  const all = Registry.merge([processMetrics, own]);
  app.get('/metrics', async (_, reply) => {
    const { error } = await count();
    up.set(error ? 0 : 1);
    // Old numbers would look like fresh ones.
    if (error) jobs.reset();
    return reply.type(all.contentType).send(await all.metrics());
  });
}
