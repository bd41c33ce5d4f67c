import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import { type FastifyInstance, fastify } from 'fastify';
import { Registry } from 'prom-client';
import type { JobContext } from '../jobs/define-job.ts';
import { checkCsrf } from './access/check-csrf.ts';
import { checkHost } from './access/check-host.ts';
import { checkOrigin } from './access/check-origin.ts';
import { checkViewer } from './access/check-viewer.ts';
import { cookieKey, type Passwords } from './access/passwords.ts';
import { refuseNul } from './access/refuse-nul.ts';
import { passwordThrottle, requireSignIn } from './access/require-sign-in.ts';
import { addSecurityHeaders } from './access/security-headers.ts';
import { addSignIn } from './access/sign-in.ts';
import { addHealth } from './health.ts';
import { addMetrics } from './metrics/add-metrics.ts';
import { addAssets } from './page/assets.ts';
import { addLanguageSwitch } from './page/language-switch.ts';
import { addLiveEvents } from './page/live-events.ts';
import { addOpenApi } from './page/open-api.ts';
import { addProblems } from './page/problems.ts';
import type { Section } from './page/section.ts';
import { addQueueBoard, BOARD_PATH } from './queue-board.ts';
import { queuesOf } from './queues-of.ts';
import { SECTIONS } from './sections.ts';
import { addWebhooks } from './webhooks.ts';

const SECOND = 1000;
const MIB = 2 ** 20;
const LARGEST_BODY = MIB;
const LARGEST_FILE = 5 * MIB;

export interface ServerOptions {
  host: string;
  /** Without any, the console is for this machine only. */
  passwords?: Passwords;
  /** Where people reach the console, when not under the address it listens on. */
  publicUrl?: URL;
  /** Pages besides the console's own. */
  sections?: readonly Section[];
}

/** The console's routes behind its guards, not listening yet. */
export async function createServer(
  context: JobContext,
  { host, passwords, publicUrl, sections = [] }: ServerOptions,
): Promise<FastifyInstance> {
  const { queues, log } = context;
  const app = fastify({ requestTimeout: 30 * SECOND, bodyLimit: LARGEST_BODY });
  const https = publicUrl?.protocol === 'https:';
  addProblems(app, log);
  await addOpenApi(app);
  const pages = [...SECTIONS, ...sections];
  const board = { path: BOARD_PATH, words: { en: 'Queues', ru: 'Очереди' } };
  app.decorate('menu', [...pages, board]);
  app.decorateRequest('visitor', null);

  const cookies = { path: '/', httpOnly: true, sameSite: 'lax', secure: https } as const;
  await app.register(cookie, {
    secret: passwords ? cookieKey(passwords) : randomBytes(32),
    parseOptions: cookies,
  });
  await app.register(csrf, { cookieKey: 'pmsync_csrf', cookieOpts: { ...cookies, signed: true } });
  await app.register(formbody);
  await app.register(multipart, { attachFieldsToBody: 'keyValues', limits: { fileSize: LARGEST_FILE, files: 1 } });

  await addSecurityHeaders(app, { https });
  const published = publicUrl?.hostname;
  checkHost(app, { listening: host, hasPassword: passwords !== undefined, ...(published && { published }) });
  if (passwords) {
    const throttle = passwordThrottle();
    requireSignIn(app, passwords, throttle);
    addSignIn(app, passwords, throttle);
  } else {
    app.addHook('onRequest', async (request) => {
      request.visitor = { role: 'admin', actor: 'console', via: 'open' };
    });
  }
  checkOrigin(app);
  checkViewer(app);
  checkCsrf(app);
  refuseNul(app);

  const known = queuesOf(context);
  addHealth(app, context);
  const counters = new Registry();
  await addWebhooks(app, context, counters);
  addMetrics(app, context, known, counters);
  await addAssets(app);
  addLanguageSwitch(app);
  addLiveEvents(app, context);
  for (const page of pages) await page.add(app, context);
  await addQueueBoard(app, queues, known);
  return app;
}
