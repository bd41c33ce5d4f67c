import { z } from 'zod';
import { zoneOf } from '../../../settings/zone-of.ts';
import { addPage } from '../../page/add-page.ts';
import { optionalText } from '../../page/fields.ts';
import type { Section } from '../../page/section.ts';
import { addRequeue } from '../requeue/index.ts';
import { addIssueActions } from './actions.ts';
import { causeView } from './cause-view.ts';
import { issuesView } from './list-view.ts';
import { causeParams, issuesQuery } from './query.ts';
import { readCause, readCauses } from './read.ts';
import { causeSchema, issuesSchema } from './schemas.ts';

/** `/issues`: what did not go through, by cause, and what to do about it. */
export const issues: Section = {
  path: '/issues',
  words: { en: 'Issues', ru: 'Проблемы' },
  also: ['/requeue'],
  add(app, context) {
    const zone = (source: string, account: string) => zoneOf(context.settings, source, account);
    addPage(app, {
      path: '/issues',
      api: '/api/issues',
      summary: 'Issues by their causes, the cause of most of them first',
      query: issuesQuery,
      answer: issuesSchema,
      read: ({ query }) => readCauses(context, query),
      view: (data, visit, { query }) => issuesView(data, visit, query, zone),
    });
    addPage(app, {
      path: '/issues/:cause',
      api: '/api/issues/:cause',
      summary: 'The issues of one cause, oldest first',
      params: causeParams,
      query: issuesQuery.extend({ said: optionalText, n: z.coerce.number().int().min(0).catch(0).optional() }),
      answer: causeSchema,
      read: ({ params, query }) => readCause(context, params.cause, query),
      view: (data, visit, { query }) => causeView(data, visit, query, zone),
    });
    addIssueActions(app, context);
    addRequeue(app, context);
  },
};
