import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import type { JobContext } from '../jobs/define-job.ts';
import { createReceiveWebhook, type Received } from '../jobs/receive-webhook.ts';
import type { SourceDefinition, WebhookEvent } from '../sources/define-source.ts';
import { InvalidRecord } from '../sources/errors.ts';

const LARGEST_BODY = 256 * 1024;
const SECOND = 1000;
/** A vendor gives up soon; told in time that we cannot, it may repeat. */
const DATABASE_PATIENCE_MS = 5 * SECOND;
const LONGEST_TYPE = 64;

interface Params {
  source: string;
  account: string;
  secret: string;
}

/**
 * `POST /webhooks/<source>/<account>/<secret>`: for everyone who knows the secret. The answer is given once it is written down
 * what is to be read again. The path is in no log line: it holds the secret.
 */
export async function addWebhooks(app: FastifyInstance, context: JobContext, registry: Registry): Promise<void> {
  const { log } = context;
  const receive = createReceiveWebhook(context);
  const counter = new Counter({
    name: 'pmsync_webhooks_total',
    help: 'Webhooks by what they told (type) and what became of them (outcome).',
    labelNames: ['source', 'account', 'type', 'outcome'],
    registers: [registry],
  });

  await app.register(async (scope) => {
    // Vendors name any content type; the source reads the text.
    scope.removeAllContentTypeParsers();
    const asText = { parseAs: 'string', bodyLimit: LARGEST_BODY } as const;
    scope.addContentTypeParser('*', asText, (_, body, done) => done(null, body));

    const route = { bodyLimit: LARGEST_BODY, config: { open: true } };
    scope.post<{ Params: Params }>('/webhooks/:source/:account/:secret', route, async (request, reply) => {
      const target = targetOf(context, request.params);
      if (!target) {
        counter.inc({ source: '', account: '', type: '', outcome: 'refused' });
        return reply.callNotFound();
      }
      const { source, account, webhook } = target;
      const body = typeof request.body === 'string' ? request.body : '';
      let event: WebhookEvent;
      try {
        event = webhook({ body, contentType: request.headers['content-type'] ?? '' });
      } catch (error) {
        if (!(error instanceof InvalidRecord)) throw error;
        counter.inc({ source, account, type: 'unreadable', outcome: 'refused' });
        log.warn({ source, account, bytes: body.length, reason: error.message }, 'webhook: cannot be read');
        return reply.status(400).send({ error: `The body cannot be read: ${error.message}.` });
      }
      const type = event.records.length > 0 ? 'known' : 'unknown';
      const about = { source, account, event: event.type.slice(0, LONGEST_TYPE) };
      try {
        const received = await inTime(receive({ source, account, event }));
        const outcome = outcomeOf(received);
        counter.inc({ source, account, type, outcome });
        log.info({ ...about, ...received, outcome }, 'webhook');
      } catch (error) {
        counter.inc({ source, account, type, outcome: 'unavailable' });
        log.error({ ...about, err: error }, 'webhook: not written down');
        return reply.status(503).header('retry-after', '30').send({ error: 'Not taken now; please repeat.' });
      }
      return reply.type('text/plain').send('OK');
    });
  });
}

function outcomeOf({ asked, repeated }: Received): string {
  if (asked > 0) return 'asked';
  return repeated > 0 ? 'repeated' : 'ignored';
}

interface Target {
  source: string;
  account: string;
  webhook: NonNullable<SourceDefinition['webhook']>;
}

function targetOf({ settings, sources }: JobContext, { source, account, secret }: Params): Target | undefined {
  const known = settings.sources
    .find(({ name }) => name === source)
    ?.accounts.find(({ name }) => name === account)?.webhookSecret;
  const webhook = sources.get(source)?.webhook;
  // Compared in any case, so that the time says nothing about which of the names was wrong.
  const same = timingSafeEqual(digest(secret), digest(known ?? ''));
  return known && webhook && same ? { source, account, webhook } : undefined;
}

/** Of equal length whatever the secret, so that the comparison takes equal time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database does not answer')), DATABASE_PATIENCE_MS);
  });
  // What is late may still come through; that harms nothing.
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
