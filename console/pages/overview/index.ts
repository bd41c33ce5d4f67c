import { addPage } from '../../page/add-page.ts';
import type { Section } from '../../page/section.ts';
import { addOverviewActions } from './actions.ts';
import { readPage } from './read.ts';
import { overviewAnswer, overviewQuery } from './schemas.ts';
import { overviewView } from './view.ts';
import { overviewWords } from './words.ts';

/** `/`: how everything stands, and what can be done about it at once. */
export const overview: Section = {
  path: '/',
  words: { en: overviewWords('en').title, ru: overviewWords('ru').title },
  add(app, context) {
    addPage(app, {
      path: '/',
      api: '/api/overview',
      summary: 'How every source, account and entity stands, and charts of the last hour, day or week',
      query: overviewQuery,
      answer: overviewAnswer,
      read: ({ query }, { url }) => readPage(context, query, { whole: url.startsWith('/api/') }),
      view: (data, visit, { query }) => overviewView(data, query, visit),
    });
    addOverviewActions(app, context);
  },
};
