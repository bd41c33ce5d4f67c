import { z } from 'zod';
import { addPage } from '../../page/add-page.ts';
import type { Section } from '../../page/section.ts';
import { readOverview } from './read.ts';
import { overviewView } from './view.ts';

/** `/`: how everything stands. */
export const overview: Section = {
  path: '/',
  words: { en: 'Overview', ru: 'Обзор' },
  add(app, context) {
    addPage(app, {
      path: '/',
      api: '/api/overview',
      summary: 'Every entity of every account with its newest run',
      answer: z.object({
        entities: z.array(z.looseObject({ source: z.string(), account: z.string(), entity: z.string() })),
      }),
      read: async () => ({ entities: await readOverview(context) }),
      view: ({ entities }, visit) => overviewView(entities, visit),
    });
  },
};
