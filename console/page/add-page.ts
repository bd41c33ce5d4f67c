import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Html } from '../../words/html.ts';
import { layout } from './layout.ts';
import { sendHtml } from './send-html.ts';
import { type Visit, visitOf } from './visit.ts';

export interface Input<P, Q> {
  params: P;
  query: Q;
}

/** A page and the same as JSON: one reader, two routes. */
export interface PageDefinition<P, Q, D extends object> {
  /** e.g. `/runs/:id` */
  path: string;
  /** e.g. `/api/runs/:id` */
  api: string;
  /** One line for the OpenAPI document. */
  summary: string;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** What the JSON looks like, dates as text. For the document; a test holds the answers against it. */
  answer: z.ZodType;
  /** Undefined: there is no such thing, 404. */
  read(input: Input<P, Q>, visit: Visit): Promise<D | undefined>;
  view(data: D, visit: Visit, input: Input<P, Q>): PageView;
}

export interface PageView {
  /** The page's own, without the product's name. */
  title: string;
  body: Html;
  /** Addresses of those that this page needs besides the console's own. */
  stylesheets?: readonly string[];
}

/** Serves a page under its path, and what it shows as JSON under `/api`. */
export function addPage<P, Q, D extends object>(app: FastifyInstance, page: PageDefinition<P, Q, D>): void {
  const { path, api, summary, params, query, answer, read, view } = page;
  const schema = { ...(params && { params }), ...(query && { querystring: query }) };
  const inputOf = (request: { params: unknown; query: unknown }) =>
    ({ params: request.params, query: request.query }) as Input<P, Q>;

  app.get(path, { schema: { ...schema, hide: true } }, async (request, reply) => {
    const visit = visitOf(request, reply);
    const input = inputOf(request);
    const data = await read(input, visit);
    if (!data) return reply.callNotFound();
    return sendHtml(reply, visit, layout(visit, view(data, visit, input)));
  });
  app.get(api, { schema: { ...schema, summary, response: { 200: answer } } }, async (request, reply) => {
    const data = await read(inputOf(request), visitOf(request, reply));
    return data ?? reply.callNotFound();
  });
}
