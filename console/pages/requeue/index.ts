import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listReceipts } from '../../../db/list-receipts.ts';
import type { JobContext } from '../../../jobs/define-job.ts';
import { sortIds } from '../../../operations/read-ids.ts';
import { readReceipt } from '../../../operations/receipt.ts';
import { requeueIds } from '../../../operations/requeue.ts';
import { zoneOf } from '../../../settings/zone-of.ts';
import { addAction } from '../../page/add-action.ts';
import { addPage } from '../../page/add-page.ts';
import { optionalText, ticked } from '../../page/fields.ts';
import { placesOf } from '../issues/read.ts';
import { requeueView } from './form-view.ts';
import { previewBody, readPreview, requeueBody, whoseOf } from './order.ts';
import { previewView } from './preview-view.ts';
import { receiptView } from './receipt-view.ts';
import { doneSchema, formSchema, previewSchema, receiptSchema } from './schemas.ts';

const MIB = 2 ** 20;
/** A long list of long ids. */
const LARGEST_LIST = 6 * MIB;
const MOST_RECEIPTS = 20;

/** `/requeue`: a list of ids, what is known of each, and the receipt of what was done. */
export function addRequeue(app: FastifyInstance, context: JobContext): void {
  addPage(app, {
    path: '/requeue',
    api: '/api/requeue',
    summary: 'What has been put back into the line lately',
    answer: formSchema,
    read: async () => ({ places: placesOf(context), receipts: await listReceipts(context.db, MOST_RECEIPTS) }),
    view: requeueView,
  });
  addAction(app, {
    path: '/requeue/preview',
    api: '/api/requeue/preview',
    summary: 'What is known of these ids, and what putting them back into the line would do. Changes nothing',
    body: previewBody,
    answer: previewSchema,
    bodyLimit: LARGEST_LIST,
    perform: async ({ body }, { language }) => {
      const whose = whoseOf(context, body);
      return whose && readPreview(context, whose, { ...body, language });
    },
    view: (data, visit) => previewView(data, visit, placesOf(context)),
    home: () => '/requeue',
  });
  addAction(app, {
    path: '/requeue',
    api: '/api/requeue',
    summary: 'Puts records back into the line by their ids',
    body: requeueBody,
    answer: doneSchema,
    bodyLimit: LARGEST_LIST,
    perform: async ({ body }, { visitor: { actor } }) => {
      const whose = whoseOf(context, body);
      if (!whose?.isAccount) return undefined;
      const order = { ...whose, ids: sortIds(body.ids).ids, refetch: body.refetch };
      const { id, records, unknown } = await requeueIds(context, order, { actor, reason: body.reason });
      return { id, records, unknown };
    },
    next: ({ id }) => (id === null ? '/requeue' : `/requeue/${id}`),
  });
  addPage(app, {
    path: '/requeue/:id',
    api: '/api/requeue/:id',
    summary: 'How what was put back into the line stands now; to be asked until it is done',
    params: z.object({ id: z.string() }),
    query: z.object({ cursor: optionalText, unwell: ticked.describe('Only what has not gone through.') }),
    answer: receiptSchema,
    read: ({ params, query }) => readReceipt(context, params.id, query),
    view: (receipt, visit, { query }) =>
      receiptView(receipt, visit, query, zoneOf(context.settings, receipt.source, receipt.records[0]?.account ?? '')),
  });
}
