import type { FastifyInstance } from 'fastify';
import { isReading } from './check-origin.ts';

/** A viewer changes nothing, by whatever route. */
export function checkViewer(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.visitor?.role !== 'viewer' || isReading(request) || request.routeOptions.config?.forViewers) return;
    return reply.status(403).send({ error: 'With the viewer password one can look, but change nothing.' });
  });
}
