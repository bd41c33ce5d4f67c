import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isReading } from './check-origin.ts';

/**
 * Changes that a browser asks for carry the token of one of our pages (`_csrf` in a form, `x-csrf-token` in a script).
 * Programs send no `Origin` and no session, so nobody can borrow one from them.
 */
export function checkCsrf(app: FastifyInstance): void {
  app.addHook('preValidation', (request, reply, done) => {
    if (needsToken(request)) app.csrfProtection(request, reply, done);
    else done();
  });
}

function needsToken(request: FastifyRequest): boolean {
  if (isReading(request) || request.routeOptions.config?.open) return false;
  if (request.visitor?.via === 'header') return false;
  return request.visitor?.via !== 'open' || request.headers.origin !== undefined;
}
