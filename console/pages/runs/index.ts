import { z } from 'zod';
import { readRun, readRuns } from '../../../operations/runs.ts';
import { addPage } from '../../page/add-page.ts';
import type { Section } from '../../page/section.ts';
import { filterOf, runsQuery } from './query.ts';
import { runView } from './run-view.ts';
import { runsView } from './runs-view.ts';
import { runAnswer, runsAnswer } from './schemas.ts';
import { runWords } from './words.ts';

/** `/runs`: what was read when, and how it came out. */
export const runs: Section = {
  path: '/runs',
  words: { en: runWords('en').title, ru: runWords('ru').title },
  add(app, context) {
    const { settings, sources } = context;
    addPage(app, {
      path: '/runs',
      api: '/api/runs',
      summary: 'Runs, newest first',
      query: runsQuery,
      answer: runsAnswer,
      async read({ query }) {
        const { filter, zone } = await filterOf(context, query);
        return { ...(await readRuns(context, filter, query)), zone };
      },
      view: (slice, visit, { query }) => runsView(slice, query, { settings, sources }, visit),
    });
    addPage(app, {
      path: '/runs/:id',
      api: '/api/runs/:id',
      summary: 'A run: its ledger, its pages, its requests against the limits of the vendor, its issues and log lines',
      params: z.object({ id: z.string() }),
      answer: runAnswer,
      read: ({ params }) => readRun(context, params.id),
      view: (details, visit) => runView(details, settings, visit),
    });
  },
};
