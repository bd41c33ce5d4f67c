import { type FastifyInstance, fastify } from 'fastify';
import { Registry } from 'prom-client';
import type { JobContext } from '../jobs/define-job.ts';
import { checkHost } from './check-host.ts';
import { checkOrigin } from './check-origin.ts';
import { addHealth } from './health.ts';
import { addMetrics } from './metrics/add-metrics.ts';
import { addOverview } from './overview.ts';
import { addQueueBoard } from './queue-board.ts';
import { queuesOf } from './queues-of.ts';
import { requirePassword } from './require-password.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addWebhooks } from './webhooks.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For everyone: no password, any name, from any page. */
    open?: boolean;
  }
}

const SECOND = 1000;

export interface ServerOptions {
  host: string;
  password?: string;
}

/** The console's routes behind its guards, not listening yet. */
export async function createServer(context: JobContext, { host, password }: ServerOptions): Promise<FastifyInstance> {
  const { queues, log } = context;
  const app = fastify({ requestTimeout: 30 * SECOND });
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ err: error, route: request.routeOptions.url }, 'console');
    return reply.status(status).send({ error: status >= 500 ? 'This failed; the log says why.' : error.message });
  });
  app.setNotFoundHandler((_, reply) => reply.status(404).send({ error: 'There is no such page.' }));

  addSecurityHeaders(app);
  if (password === undefined) checkHost(app, host);
  else requirePassword(app, password);
  checkOrigin(app);

  const known = queuesOf(context);
  addHealth(app, context);
  const counters = new Registry();
  await addWebhooks(app, context, counters);
  addMetrics(app, context, known, counters);
  await addOverview(app, context);
  await addQueueBoard(app, queues, known);
  return app;
}
