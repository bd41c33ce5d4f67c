import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { PageView } from './add-page.ts';
import { layout } from './layout.ts';
import { sendHtml } from './send-html.ts';
import { type Visit, visitOf } from './visit.ts';

interface Action<P, B, R extends object> {
  /** Of the form, e.g. `/issues/dismiss`. */
  path: string;
  /** e.g. `/api/issues/dismiss` */
  api: string;
  summary: string;
  params?: z.ZodType<P>;
  /** Read from a form (texts, or lists of them) as well as from JSON: see `fields.ts`. */
  body: z.ZodType<B>;
  answer: z.ZodType;
  /** Bytes of a request, where it may be more than usual. */
  bodyLimit?: number;
  /** Undefined: there is no such thing, 404. Does the change and writes it into the audit log with `visit.visitor.actor`. */
  perform(input: { params: P; body: B }, visit: Visit): Promise<R | undefined>;
}

/** What the form's sender sees then. */
type Afterwards<P, B, R extends object> =
  | {
      /** The page to go on to. */
      next(result: R, input: { params: P; body: B }): string;
    }
  | {
      /** A page made of the result and kept nowhere. Whoever comes to its address later is sent to `home`. */
      view(result: R, visit: Visit, input: { params: P; body: B }): PageView;
      home(params: P): string;
    };

/** A change: a form of our pages, and the same for programs as JSON. */
export type ActionDefinition<P, B, R extends object> = Action<P, B, R> & Afterwards<P, B, R>;

/** Serves a change under both routes. Viewers, foreign pages and forms without a token have been refused before. */
export function addAction<P, B, R extends object>(app: FastifyInstance, action: ActionDefinition<P, B, R>): void {
  const { path, api, summary, params, body, answer, perform } = action;
  const schema = { ...(params && { params }), body };
  const limits = action.bodyLimit === undefined ? {} : { bodyLimit: action.bodyLimit };
  const inputOf = (request: { params: unknown; body: unknown }) =>
    ({ params: request.params, body: request.body }) as { params: P; body: B };

  app.post(path, { ...limits, schema: { ...schema, hide: true } }, async (request, reply) => {
    const input = inputOf(request);
    const visit = visitOf(request, reply);
    const result = await perform(input, visit);
    if (!result) return reply.callNotFound();
    if ('next' in action) return reply.redirect(action.next(result, input), 303);
    return sendHtml(reply, visit, layout(visit, action.view(result, visit, input)));
  });
  if ('home' in action) {
    app.get(path, { schema: { ...(params && { params }), hide: true } }, async (request, reply) =>
      reply.redirect(action.home(request.params as P), 303),
    );
  }
  app.post(api, { ...limits, schema: { ...schema, summary, response: { 200: answer } } }, async (request, reply) => {
    const result = await perform(inputOf(request), visitOf(request, reply));
    return result ?? reply.callNotFound();
  });
}
