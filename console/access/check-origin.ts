import type { FastifyInstance, FastifyRequest } from 'fastify';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isReading({ method }: FastifyRequest): boolean {
  return READING.has(method);
}

/** Refuses changes that a page of another site asks for: the browser would add the session by itself. */
export function checkOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isReading(request) || request.routeOptions.config?.open || isOwn(request)) return;
    return reply.status(403).send({ error: 'This change was asked for by a page of another site.' });
  });
}

function isOwn({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
  // Programs send neither.
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}
