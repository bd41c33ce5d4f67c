import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { type Visit, visitOf } from './visit.ts';

/** A change: a form of our pages, and the same for programs as JSON. */
export interface ActionDefinition<P, B, R extends object> {
  /** Of the form, e.g. `/issues/dismiss`. */
  path: string;
  /** e.g. `/api/issues/dismiss` */
  api: string;
  summary: string;
  params?: z.ZodType<P>;
  /** Read from a form (texts, or lists of them) as well as from JSON: see `fields.ts`. */
  body: z.ZodType<B>;
  answer: z.ZodType;
  /** Undefined: there is no such thing, 404. Does the change and writes it into the audit log with `visit.visitor.actor`. */
  perform(input: { params: P; body: B }, visit: Visit): Promise<R | undefined>;
  /** Where the form's sender goes on. */
  next(result: R, input: { params: P; body: B }): string;
}

/** Serves a change under both routes. Viewers, foreign pages and forms without a token have been refused before. */
export function addAction<P, B, R extends object>(app: FastifyInstance, action: ActionDefinition<P, B, R>): void {
  const { path, api, summary, params, body, answer, perform, next } = action;
  const schema = { ...(params && { params }), body };
  const inputOf = (request: { params: unknown; body: unknown }) =>
    ({ params: request.params, body: request.body }) as { params: P; body: B };

  app.post(path, { schema: { ...schema, hide: true } }, async (request, reply) => {
    const input = inputOf(request);
    const result = await perform(input, visitOf(request, reply));
    return result ? reply.redirect(next(result, input), 303) : reply.callNotFound();
  });
  app.post(api, { schema: { ...schema, summary, response: { 200: answer } } }, async (request, reply) => {
    const result = await perform(inputOf(request), visitOf(request, reply));
    return result ?? reply.callNotFound();
  });
}
