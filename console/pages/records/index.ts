import { z } from 'zod';
import { findRecord } from '../../../operations/find-record.ts';
import { zoneOf } from '../../../settings/zone-of.ts';
import { addPage } from '../../page/add-page.ts';
import { optionalText } from '../../page/fields.ts';
import type { Section } from '../../page/section.ts';
import { addRecordActions, recordParams } from './actions.ts';
import { findView } from './find-view.ts';
import { readRecord } from './read-record.ts';
import { foundSchema, recordSchema } from './schemas.ts';
import { recordView } from './view.ts';

/** `/records`: find one, and the whole story of each. */
export const records: Section = {
  path: '/records',
  words: { en: 'Records', ru: 'Записи' },
  add(app, context) {
    addPage(app, {
      path: '/records',
      api: '/api/records',
      summary: 'Records with this external id, and bookings with this number, over all sources',
      query: z.object({ q: optionalText }),
      answer: foundSchema,
      read: async ({ query: { q = '' } }) => ({ q, records: await findRecord(context, q) }),
      view: findView,
    });
    addPage(app, {
      path: '/records/:source/:entity/:id',
      api: '/api/records/:source/:entity/:id',
      summary: 'The whole story of a record: landing, runs, issues, what it waits for; personal values are left out',
      params: recordParams,
      query: z.object({ account: optionalText }),
      answer: recordSchema,
      read: ({ params, query }) => readRecord(context, params, query.account),
      view: (data, visit) => recordView(data, visit, (account) => zoneOf(context.settings, data.source, account)),
    });
    addRecordActions(app, context);
  },
};
