import type { FastifyInstance } from 'fastify';

const REFUSED = { error: 'There is a NUL character in the request.' };

/**
 * Refuses requests with U+0000 in them: nobody types one, and PostgreSQL takes none in a text, so that every page that looks
 * something up would fail in its own way. Webhooks are read by their sources.
 */
export function refuseNul(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config?.open && request.url.includes('%00')) return reply.status(400).send(REFUSED);
    return undefined;
  });
  app.addHook('preValidation', async (request, reply) => {
    if (!request.routeOptions.config?.open && hasNul(request.body)) return reply.status(400).send(REFUSED);
    return undefined;
  });
}

/** In any text or name inside; a file is no text. */
function hasNul(body: unknown): boolean {
  const todo: unknown[] = [body];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value === 'string' && value.includes('\u0000')) return true;
    if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) continue;
    for (const [name, inner] of Object.entries(value)) todo.push(name, inner);
  }
  return false;
}
