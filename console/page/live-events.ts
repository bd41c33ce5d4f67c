import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { JobContext } from '../../jobs/define-job.ts';

const SECOND = 1000;
const LOOK_EVERY_MS = SECOND;
/** Proxies close what says nothing for a minute. */
const SIGN_OF_LIFE_MS = 20 * SECOND;
const MOST_LISTENERS = 200;

type Send = (text: string) => void;

/**
 * `/events`: tells every open page that something has changed; the page then fetches itself again. One look a second,
 * whatever the number of pages, and none without any. The look is at PostgreSQL's own counters of changed rows.
 */
export function addLiveEvents(app: FastifyInstance, { db, log }: Pick<JobContext, 'db' | 'log'>): void {
  const listeners = new Set<Send>();
  const closing = new AbortController();
  let watching = false;

  async function watch(): Promise<void> {
    watching = true;
    let last: string | undefined;
    let saidAt = Date.now();
    while (listeners.size > 0 && !closing.signal.aborted) {
      const now = await changesSoFar().catch((error: Error) => void log.warn({ err: error }, 'live pages: no look'));
      if (now !== undefined && last !== undefined && now !== last) tell('event: change\ndata: \n\n');
      else if (Date.now() - saidAt > SIGN_OF_LIFE_MS) tell(': here\n\n');
      last = now ?? last;
      await sleep(LOOK_EVERY_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
    watching = false;

    function tell(text: string): void {
      saidAt = Date.now();
      for (const send of listeners) send(text);
    }
  }

  async function changesSoFar(): Promise<string> {
    const { rows } = await sql<{ changes: string }>`
      select sum(n_tup_ins + n_tup_upd + n_tup_del)::text as changes from pg_stat_user_tables
      where schemaname in ('public', 'hotel')`.execute(db);
    return rows[0]?.changes ?? '';
  }

  app.get('/events', { schema: { hide: true } }, (request, reply) => {
    if (listeners.size >= MOST_LISTENERS) return reply.status(503).header('retry-after', '30').send();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write('retry: 5000\n\n');
    const send: Send = (text) => void raw.write(text);
    listeners.add(send);
    request.raw.on('close', () => listeners.delete(send));
    if (!watching) void watch();
    return reply;
  });
  app.addHook('preClose', async () => {
    closing.abort();
    app.server.closeIdleConnections();
  });
}
