import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { JobContext } from '../jobs/define-job.ts';
import { overviewPage } from './overview-page.ts';
import { readOverview } from './read-overview.ts';
import { languageOf } from './words.ts';

/** `/` and its style sheet. */
export async function addOverview(
  app: FastifyInstance,
  context: Pick<JobContext, 'db' | 'settings' | 'sources'>,
): Promise<void> {
  const style = await readFile(new URL('style.css', import.meta.url), 'utf8');
  app.get('/style.css', async (_, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=60').send(style),
  );
  app.get('/', async (request, reply) => {
    const language = languageOf(request.headers['accept-language']);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-language', language.tag)
      .header('vary', 'accept-language')
      .send(overviewPage(await readOverview(context), language));
  });
}
