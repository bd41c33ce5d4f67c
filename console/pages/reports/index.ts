import { z } from 'zod';
import { renderHtml } from '../../../reports/render-html.ts';
import { renderJson } from '../../../reports/render-json.ts';
import { renderMarkdown } from '../../../reports/render-markdown.ts';
import { addPage } from '../../page/add-page.ts';
import type { Section } from '../../page/section.ts';
import { visitOf } from '../../page/visit.ts';
import { type ReportQuery, reportQuery } from './query.ts';
import { readFacts, readReports } from './read.ts';
import { reportsSchema } from './schemas.ts';
import { reportsView } from './view.ts';

const FILES = {
  md: { render: renderMarkdown, type: 'text/markdown; charset=utf-8' },
  html: { render: renderHtml, type: 'text/html; charset=utf-8' },
  json: { render: renderJson, type: 'application/json; charset=utf-8' },
};
const FORMATS = ['md', 'html', 'json'] as const;

/** `/reports`: the error report of an account and a day, to read, to print and as a file. */
export const reports: Section = {
  path: '/reports',
  words: { en: 'Reports', ru: 'Отчёты' },
  add(app, context) {
    addPage(app, {
      path: '/reports',
      api: '/api/reports',
      summary: 'The error report of an account and a day (default: today there), as it stands now',
      query: reportQuery,
      answer: reportsSchema,
      read: ({ query }, visit) => readReports(context, query, visit),
      view: reportsView,
    });

    const schema = { hide: true, params: z.object({ format: z.enum(FORMATS) }), querystring: reportQuery };
    app.get<{ Params: { format: (typeof FORMATS)[number] }; Querystring: ReportQuery }>(
      '/reports/file/:format',
      { schema },
      async (request, reply) => {
        const { query, params } = request;
        const facts = await readFacts(context, query);
        if (!facts) return reply.callNotFound();
        const { render, type } = FILES[params.format];
        const name = `pmsync-${facts.source}-${facts.account}-${facts.date}.${params.format}`.replace(/[^\w.-]/g, '_');
        return reply
          .type(type)
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(render([facts], query.language ?? visitOf(request, reply).language));
      },
    );
  },
};
