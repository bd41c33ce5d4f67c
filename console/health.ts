import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { assertSchema, SchemaMismatch } from '../db/migrate.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { createProbe } from './probe.ts';

/** `/healthz`: the process answers. `/readyz`: what it needs answers too. Open to everyone, so they say no addresses. */
export function addHealth(app: FastifyInstance, { db, queues, log }: Pick<JobContext, 'db' | 'queues' | 'log'>): void {
  const probes = {
    database: createProbe(() => sql`select 1`.execute(db)),
    queue: createProbe(() => queues.ping()),
    schema: createProbe(() => assertSchema(db)),
  };
  app.get('/healthz', { config: { open: true } }, async () => ({ ok: true }));
  app.get('/readyz', { config: { open: true } }, async (_, reply) => {
    const answers = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => {
        const { error, ms } = await probe();
        if (error) log.warn({ err: error, check: name }, 'not ready');
        return [name, error ? { ok: false, ms, error: inPublic(error) } : { ok: true, ms }] as const;
      }),
    );
    const ok = answers.every(([, answer]) => answer.ok);
    return reply.status(ok ? 200 : 503).send({ ok, checks: Object.fromEntries(answers) });
  });
}

function inPublic(error: Error): string {
  return error instanceof SchemaMismatch ? error.message : 'does not answer; the log says why';
}
