import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { JobContext } from '../../../jobs/define-job.ts';
import { dismissGroup, dismissIssues } from '../../../operations/dismiss.ts';
import { requeueGroup } from '../../../operations/requeue.ts';
import { addAction } from '../../page/add-action.ts';
import { optionalText, texts, ticked } from '../../page/fields.ts';
import { pathTo } from '../../page/path-to.ts';
import { causeParams } from './query.ts';

const chosen = {
  issues: texts.describe('Ids of issues of this cause.'),
  all: ticked.describe('Instead: every open one of the cause.'),
};

/** Re-queue and dismiss: some issues of a cause, or all of them. */
export function addIssueActions(app: FastifyInstance, context: JobContext): void {
  addAction(app, {
    path: '/issues/:cause/requeue',
    api: '/api/issues/:cause/requeue',
    summary: 'Puts the records of issues of one cause back into the line',
    params: causeParams,
    body: z.object({
      ...chosen,
      refetch: ticked.describe('Read the records again at the source first.'),
      reason: optionalText.describe('For the audit log.'),
    }),
    answer: z.object({
      id: z.string().nullable().describe('For /api/requeue/{id}; null when no issue was named.'),
      records: z.number(),
    }),
    perform: async ({ params: { cause }, body }, { visitor: { actor } }) => {
      const { issues, all, refetch, reason } = body;
      if (!all && issues.length === 0) return { id: null, records: 0 };
      const order = { cause, refetch, ...(!all && { issues }) };
      const { id, records } = await requeueGroup(context, order, { actor, reason });
      return { id, records };
    },
    next: ({ id }, { params: { cause } }) =>
      id === null ? pathTo(`/issues/${cause}`, { said: 'nothing-chosen' }) : `/requeue/${id}`,
  });
  addAction(app, {
    path: '/issues/:cause/dismiss',
    api: '/api/issues/:cause/dismiss',
    summary: 'Closes issues of one cause with a reason; they open again when they happen again',
    params: causeParams,
    body: z.object({
      ...chosen,
      reason: optionalText.describe('Needed.'),
      dismiss_reason: optionalText.describe('The same, as the form names it.'),
    }),
    answer: z.object({
      dismissed: z.number(),
      refused: z.enum(['nothing-chosen', 'needs-reason']).optional(),
    }),
    perform: async ({ params: { cause }, body }, { visitor: { actor } }) => {
      const { issues, all } = body;
      const reason = body.dismiss_reason ?? body.reason;
      if (!all && issues.length === 0) return { dismissed: 0, refused: 'nothing-chosen' as const };
      if (reason === undefined) return { dismissed: 0, refused: 'needs-reason' as const };
      const by = { actor, reason };
      const { ids } = await (all ? dismissGroup(context, { cause }, by) : dismissIssues(context, issues, by));
      return { dismissed: ids.length };
    },
    next: ({ dismissed, refused }, { params: { cause } }) =>
      pathTo(`/issues/${cause}`, refused ? { said: refused } : { said: 'dismissed', n: dismissed }),
  });
}
