import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { Queues } from '../jobs/queues.ts';
import { APP_POLICY } from './access/security-headers.ts';
import type { KnownQueue } from './queues-of.ts';

export const BOARD_PATH = '/queues';
/** The same without buttons. */
const VIEWER_PATH = '/queues-read-only';
/** Bull Board's client sends what it finds in this cookie as the header `x-xsrf-token`. */
const TOKEN_COOKIE = 'XSRF-TOKEN';

/** Bull Board: every queue, its jobs, retry. Viewers get one that changes nothing. */
export async function addQueueBoard(app: FastifyInstance, queues: Queues, known: readonly KnownQueue[]): Promise<void> {
  await addBoard(app, queues, known, { path: BOARD_PATH, readOnlyMode: false });
  await addBoard(app, queues, known, { path: VIEWER_PATH, readOnlyMode: true });
}

async function addBoard(
  app: FastifyInstance,
  queues: Queues,
  known: readonly KnownQueue[],
  { path, readOnlyMode }: { path: string; readOnlyMode: boolean },
): Promise<void> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(path);
  createBullBoard({
    queues: known.map(
      ({ name, description }) => new BullMQAdapter(queues.queue(name), { description, delimiter: '.', readOnlyMode }),
    ),
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'pmsync',
        miscLinks: [{ text: 'pmsync', url: '/' }],
        hideDocsLink: true,
        sortQueues: false,
      },
    },
  });
  await app.register(async (board) => {
    board.addHook('onRequest', async (request, reply) => {
      if (!readOnlyMode && request.visitor?.role === 'viewer')
        return reply.redirect(request.url.replace(BOARD_PATH, VIEWER_PATH), 303);
      reply.helmet({ contentSecurityPolicy: { useDefaults: false, directives: APP_POLICY } });
      if (!request.url.includes('/api/') && !request.url.includes('/static/'))
        reply.setCookie(TOKEN_COOKIE, reply.generateCsrf(), { httpOnly: false, path });
      return undefined;
    });
    await board.register(serverAdapter.registerPlugin(), { prefix: path });
  });
}
