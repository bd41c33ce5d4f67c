import type { FastifyInstance } from 'fastify';
import { Gauge, Registry } from 'prom-client';
import type { JobContext } from '../../jobs/define-job.ts';
import type { KnownQueue } from '../queues-of.ts';
import { databaseFigures } from './database-figures.ts';
import { createGatherer } from './figures.ts';
import { processMetrics } from './process-metrics.ts';
import { queueFigures } from './queue-figures.ts';

/**
 * `/metrics`: what database and queues know, the process, and what else counts in the registry. No label holds an id of a
 * record or anything personal.
 */
export function addMetrics(
  app: FastifyInstance,
  context: Pick<JobContext, 'db' | 'queues' | 'settings' | 'sources' | 'log' | 'measures'>,
  known: readonly KnownQueue[],
  own: Registry,
): void {
  const { queues, measures, log } = context;
  const database = databaseFigures(context, own);
  const queue = queueFigures(queues, known, own);
  const parts = [
    { up: upGauge(own, 'database'), gather: createGatherer(database, log) },
    { up: upGauge(own, 'queue'), gather: createGatherer(queue, log) },
  ];
  const all = Registry.merge([processMetrics(), own, ...(measures ? [measures.registry] : [])]);
  app.get('/metrics', async (_, reply) => {
    await Promise.all(parts.map(async ({ up, gather }) => up.set((await gather()) ? 1 : 0)));
    return reply.type(all.contentType).send(`${await all.metrics()}\n${queue.text()}`);
  });
}

function upGauge(registry: Registry, part: 'database' | 'queue'): Gauge {
  return new Gauge({ name: `pmsync_${part}_up`, help: `1 when the ${part} answers.`, registers: [registry] });
}
