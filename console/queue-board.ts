import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { Queues } from '../jobs/queues.ts';
import type { KnownQueue } from './queues-of.ts';
import { APP_POLICY } from './security-headers.ts';

export const BOARD_PATH = '/queues';

/** Bull Board: every queue, its jobs, retry. */
export async function addQueueBoard(app: FastifyInstance, queues: Queues, known: readonly KnownQueue[]): Promise<void> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: known.map(
      ({ name, description }) => new BullMQAdapter(queues.queue(name), { description, delimiter: '.' }),
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
    board.addHook('onRequest', async (_, reply) => void reply.header('content-security-policy', APP_POLICY));
    await board.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH });
  });
}
