import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { InTransaction } from '../bookings.ts';
import type { HotelDesk } from '../desk.ts';
import type { ListPage } from '../paging.ts';
import { rowId } from '../shapes.ts';
import { problemAnswer } from './answers.ts';
import { etagOf, keyOf, tagged, versionWanted } from './conditions.ts';
import { once } from './once.ts';

interface Versioned {
  id: number;
  version: number;
}

/** A kind of record: how it is listed, read, made, changed and deleted. */
export interface Resource<Q, I extends object, C extends object, R extends Versioned> {
  name: 'guests' | 'rooms' | 'bookings';
  /** `guest`, `room`, `booking`. */
  one: string;
  query: z.ZodType<Q>;
  input: z.ZodType<I>;
  changes: z.ZodType<C>;
  answer: z.ZodType;
  /** What is answered when one is deleted. */
  gone: z.ZodType;
  list(query: Q): Promise<ListPage<R>>;
  read(id: number): Promise<R>;
  create(input: I, inTransaction: InTransaction): Promise<R>;
  update(id: number, changes: C, condition: { ifVersion?: number }): Promise<R>;
  remove(id: number, condition: { ifVersion?: number; actor: string }): Promise<object>;
}

const params = z.object({ id: z.coerce.number().pipe(rowId) });
const ifMatch = z.looseObject({
  'if-match': z.string().optional().describe('Required: the ETag that was read, or *. 428 without, 412 when changed'),
});
const idempotencyKey = z.looseObject({
  'idempotency-key': z.string().optional().describe('Sent again within 24 hours: the first answer, nothing done twice'),
});
type WithId = { Params: { id: number } };

export function addResource<Q, I extends object, C extends object, R extends Versioned>(
  app: FastifyInstance,
  desk: HotelDesk,
  resource: Resource<Q, I, C, R>,
): void {
  const { name, one, query, input, changes, answer } = resource;
  const path = `/api/hotel/${name}`;
  const tags = ['hotel'];
  const refused = { '4xx': problemAnswer };

  app.get<{ Querystring: unknown }>(
    path,
    {
      schema: {
        tags,
        summary: `List ${name}`,
        querystring: query,
        response: { 200: z.object({ items: z.array(answer), next: z.string().nullable() }), ...refused },
      },
    },
    (request) => resource.list(request.query as Q),
  );

  app.get<WithId>(
    `${path}/:id`,
    {
      schema: {
        tags,
        summary: `Read a ${one}; its version is the ETag`,
        params,
        response: { 200: answer, ...refused },
      },
    },
    async (request, reply) => tagged(reply, await resource.read(request.params.id)),
  );

  app.post<{ Body: unknown }>(
    path,
    {
      schema: {
        tags,
        summary: `Make a ${one}`,
        headers: idempotencyKey,
        body: input,
        response: { 201: answer, ...refused },
      },
    },
    async (request, reply) => {
      const asked = { key: keyOf(request), request: [path, request.body] };
      const cardKey = asked.key === undefined ? undefined : desk.cardKey();
      const { answer: made, replayed } = await once({ ...asked, cardKey }, (inTransaction) =>
        resource.create(request.body as I, inTransaction),
      );
      if (replayed) reply.header('idempotent-replayed', 'true');
      return reply.status(201).header('location', `${path}/${made.id}`).header('etag', etagOf(made.version)).send(made);
    },
  );

  app.patch<WithId & { Body: unknown }>(
    `${path}/:id`,
    {
      schema: {
        tags,
        summary: `Change what is sent of a ${one}`,
        params,
        headers: ifMatch,
        body: changes,
        response: { 200: answer, ...refused },
      },
    },
    async (request, reply) => {
      const changed = await resource.update(request.params.id, request.body as C, versionWanted(request));
      return tagged(reply.header('content-location', `${path}/${changed.id}`), changed);
    },
  );

  app.delete<WithId>(
    `${path}/:id`,
    {
      schema: {
        tags,
        summary: `Delete a ${one} and what goes along`,
        params,
        headers: ifMatch,
        response: { 200: resource.gone, ...refused },
      },
    },
    (request) =>
      resource.remove(request.params.id, { ...versionWanted(request), actor: request.visitor?.actor ?? 'console' }),
  );
}
