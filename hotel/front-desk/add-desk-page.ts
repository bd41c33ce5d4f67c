import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { PageView } from '../../console/page/add-page.ts';
import { layout } from '../../console/page/layout.ts';
import { sendHtml } from '../../console/page/send-html.ts';
import { type Visit, visitOf } from '../../console/page/visit.ts';
import { html } from '../../words/html.ts';
import { rowId } from '../shapes.ts';
import { deskNav } from './desk-nav.ts';

export interface DeskPage<P, Q> {
  path: string;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  view(input: { params: P; query: Q }, visit: Visit): Promise<PageView>;
}

/** A page for people. Programs have the same under `/api/hotel`. */
export function addDeskPage<P, Q>(app: FastifyInstance, { path, params, query, view }: DeskPage<P, Q>): void {
  const schema = { hide: true, ...(params && { params }), ...(query && { querystring: query }) };
  app.get(path, { schema }, async (request, reply) => {
    const visit = visitOf(request, reply);
    const input = { params: request.params as P, query: request.query as Q };
    return sendDesk(reply, visit, await view(input, visit));
  });
}

export function sendDesk(reply: FastifyReply, visit: Visit, { title, body }: PageView): FastifyReply {
  const page = html`<script type="module" src="/assets/hotel.js"></script>
${deskNav(visit)}
${body}`;
  return sendHtml(reply, visit, layout(visit, { title, body: page, stylesheets: ['/assets/hotel.css'] }));
}

export const withId = z.object({ id: z.coerce.number().pipe(rowId) });
/** A day that may be left empty. */
export const blankDay = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .pipe(z.iso.date().optional())
  .optional();
export const blankNumber = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : Number(text)))
  .pipe(rowId.optional())
  .optional();
export const blankText = z
  .string()
  .trim()
  .max(100)
  .transform((text) => text || undefined)
  .optional();
/** What has just been done, to be said on the page one is led to. */
export const done = z.enum(['booked', 'saved', 'deleted']).optional().catch(undefined);
