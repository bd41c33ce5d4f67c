import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { JobContext } from '../../../jobs/define-job.ts';
import { askSourceNow } from '../../../operations/ask-now.ts';
import { requeueIds } from '../../../operations/requeue.ts';
import { revealPayload } from '../../../operations/reveal-payload.ts';
import { addAction } from '../../page/add-action.ts';
import { recordPath } from '../../page/addresses.ts';
import { optionalText, ticked } from '../../page/fields.ts';
import { askedView } from './asked-view.ts';
import { isKnownEntity, type RecordParams } from './read-record.ts';
import { type Revealed, revealedView } from './revealed-view.ts';

export const recordParams = z.object({ source: z.string(), entity: z.string(), id: z.string() });
const account = optionalText.describe('Only the record of this account.');
const reason = optionalText.describe('For the audit log.');
const ROUTE = '/records/:source/:entity/:id';
const pathOf = ({ source, entity, id }: RecordParams) => recordPath({ source, entity, external_id: id });

/** Re-queue a record, ask the source for it, show what is hidden of it. */
export function addRecordActions(app: FastifyInstance, context: JobContext): void {
  addAction(app, {
    path: `${ROUTE}/requeue`,
    api: `/api${ROUTE}/requeue`,
    summary: 'Puts a record back into the line',
    params: recordParams,
    body: z.object({ account, reason, refetch: ticked.describe('Read it again at the source first.') }),
    answer: z.object({
      id: z.string().nullable().describe('For /api/requeue/{id}; null for a record that nothing is known of.'),
      records: z.number(),
    }),
    perform: async ({ params, body }, { visitor: { actor } }) => {
      if (!isKnownEntity(context, params)) return undefined;
      const order = { ...params, ids: [params.id], account: body.account, refetch: body.refetch };
      const { id, records } = await requeueIds(context, order, { actor, reason: body.reason });
      return { id, records };
    },
    next: ({ id }, { params }) => (id === null ? pathOf(params) : `/requeue/${id}`),
  });
  addAction(app, {
    path: `${ROUTE}/ask`,
    api: `/api${ROUTE}/ask`,
    summary: 'What the source says of a record at this moment. Stores nothing; takes requests of the budget',
    params: recordParams,
    body: z.object({ account, reason }),
    answer: z.object({
      answers: z.array(
        z.object({
          account: z.string(),
          answer: z.enum(['found', 'absent', 'error']),
          note: z.string(),
          requests: z.number(),
          latency_ms: z.number(),
          different: z.array(z.string()).nullable().describe('Names of the fields that are not as they were read.'),
        }),
      ),
    }),
    perform: async ({ params, body }, { visitor: { actor } }) => {
      if (!isKnownEntity(context, params)) return undefined;
      const question = { ...params, externalId: params.id, account: body.account };
      return { answers: await askSourceNow(context, question, { actor, reason: body.reason }) };
    },
    view: ({ answers }, visit, { params }) => askedView(answers, visit, params),
    home: pathOf,
  });
  addAction(app, {
    path: `${ROUTE}/reveal`,
    api: `/api${ROUTE}/reveal`,
    summary: 'The raw payload of a record, personal data included. Who asked, and why, is in the audit log',
    params: recordParams,
    body: z.object({ account, reason: optionalText.describe('Needed.') }),
    answer: z.object({
      records: z.array(z.object({ scope: z.string(), account: z.string(), payload: z.unknown() })),
      refused: z.literal('needs-reason').optional(),
    }),
    perform: async ({ params, body }, { visitor: { actor } }): Promise<Revealed | undefined> => {
      if (!isKnownEntity(context, params)) return undefined;
      if (body.reason === undefined) return { records: [], refused: 'needs-reason' };
      const by = { actor, reason: body.reason };
      const all = await revealPayload(context, { ...params, externalId: params.id }, by);
      return { records: all.filter((record) => body.account === undefined || record.account === body.account) };
    },
    view: (revealed, visit, { params }) => revealedView(revealed, visit, params),
    home: pathOf,
  });
}
