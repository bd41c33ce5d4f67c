import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { queuesOf } from '../../console/queues-of.ts';
import { connect } from '../../db/connection.ts';
import { openQueues } from '../../jobs/queues.ts';
import { jobs } from '../../jobs/registry.ts';
import { queueBackends } from '../support/backends.ts';
import { ask, useConsole } from '../support/console.ts';
import { createTestDatabase } from '../support/database.ts';
import { hasRedisServer, startRedis } from '../support/redis-server.ts';
import { browse } from '../support/visitor.ts';
import { waitFor } from '../support/wait-for.ts';

describe.each(queueBackends())('the console with $name', (backend) => {
  const web = useConsole(backend);
  const { open } = web;

  describe('the overview', () => {
    test('escapes what it shows, and has no script of its own and no secret', async () => {
      const text = `<script>alert("1")</script>'&`;
      await sql`insert into sync_log (source, account, entity, mode, trigger, status, error)
        values ('rentprog', 'batumi', '<b>odd</b>', 'full', 'manual', 'failed', ${text})`.execute(web.connection.db);
      const page = (await ask(await open())).text;
      expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
      expect(page).toContain('&lt;b&gt;odd&lt;/b&gt;');
      expect(page.match(/<script/g)).toHaveLength(1);
      expect(page).toContain('<script type="module" src="/assets/app.js"></script>');
      expect(page).not.toContain('the-secret');
    });

    test('has its style sheet in a file and forbids everything else', async () => {
      const url = await open();
      const style = await ask(`${url}/assets/style.css`);
      expect(style.headers['content-type']).toContain('text/css');
      expect(style.text).toContain('light-dark(');
      const { headers } = await ask(url);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    });
  });

  describe('the queues', () => {
    test('are all on the board, with what their jobs do', async () => {
      const url = await open();
      const page = await ask(`${url}/queues`);
      expect(page.text).toContain('<title>pmsync</title>');
      expect(page.headers['content-security-policy']).toContain("script-src 'self'");
      const script = /src="(static\/js\/main[^"]+)"/.exec(page.text)?.[1];
      expect((await ask(`${url}/queues/${script}`)).status).toBe(200);
      const { queues: shown } = JSON.parse((await ask(`${url}/queues/api/queues`)).text);
      expect(shown.map(({ name }: { name: string }) => name)).toEqual([
        'sync',
        'fetch.rentprog.tbilisi.read',
        'fetch.rentprog.tbilisi.search',
        'fetch.rentprog.batumi.read',
        'fetch.rentprog.batumi.search',
        'apply',
      ]);
      expect(shown[0].description).toContain('Opens a run of one entity');
      expect((await ask(`${url}/queues/api/redis/stats`)).text).toContain(`"backend":"${web.context.queues.backend}`);
    });

    test('have every job in a description', () => {
      const notify = { language: 'en', timezone: 'UTC' } as const;
      const all = queuesOf({ ...web.context, settings: { ...web.context.settings, notify } }).map(
        ({ description }) => description,
      );
      for (const name of jobs.keys()) expect(all.some((description) => description.includes(`${name}: `))).toBe(true);
    });

    test('run a failed job again when the board is asked to', async () => {
      const url = await open();
      let runs = 0;
      const worker = web.context.queues.worker(
        'apply',
        async () => {
          runs += 1;
          if (runs === 1) throw new Error('The vendor said <no>.');
        },
        { concurrency: 1 },
      );
      void worker.run();
      try {
        const job = await web.context.queues
          .queue('apply')
          .add('upsert-record', { externalId: '7' }, { jobId: 'upsert.7.1' });
        await waitFor(() => job.isFailed(), { describe: 'the job has failed' });
        const shown = await ask(`${url}/queues/api/queues?activeQueue=apply&status=failed`);
        expect(shown.text).toContain('The vendor said <no>.');
        const retry = `${url}/queues/api/queues/apply/upsert.7.1/retry`;
        expect((await ask(retry, 'PUT', { origin: url })).status).toBe(403);
        const browsing = browse(url);
        await browsing.get('/queues');
        const cookie = ['XSRF-TOKEN', 'pmsync_csrf'].map((name) => `${name}=${browsing.cookie(name)}`).join('; ');
        const token = decodeURIComponent(browsing.cookie('XSRF-TOKEN') ?? '');
        const retried = await ask(retry, 'PUT', { origin: url, cookie, 'x-xsrf-token': token });
        expect(retried.status).toBe(204);
        await waitFor(() => job.isCompleted(), { describe: 'the job has run again' });
        expect(runs).toBe(2);
      } finally {
        await worker.close();
      }
    });
  });

  describe('health', () => {
    test('is good while database, queue and schema are', async () => {
      const url = await open();
      expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, text: '{"ok":true}' });
      const ready = await ask(`${url}/readyz`);
      expect(ready.status).toBe(200);
      expect(JSON.parse(ready.text)).toMatchObject({
        ok: true,
        checks: { database: { ok: true }, queue: { ok: true }, schema: { ok: true } },
      });
    });

    test('says what is not, without addresses', async () => {
      const [host, password] = ['no-such-host.invalid', 'the-password'];
      const away = connect({ url: `postgres://user:${password}@${host}/db`, onError: () => {} });
      web.context = { ...web.context, db: away.db };
      try {
        const url = await open();
        const ready = await ask(`${url}/readyz`);
        expect(ready.status).toBe(503);
        expect(JSON.parse(ready.text)).toMatchObject({
          ok: false,
          checks: { database: { ok: false }, queue: { ok: true }, schema: { ok: false } },
        });
        expect(ready.text).not.toContain(host);
        expect((await ask(`${url}/healthz`)).status).toBe(200);
        const overview = await ask(url);
        expect(overview.status).toBe(500);
        expect(overview.text).not.toContain(host);
      } finally {
        await away.close();
      }
    });

    test('says that the schema is old and which command brings it up to date', async () => {
      const old = await createTestDatabase();
      const oldConnection = connect({ url: old.url, onError: () => {} });
      web.context = { ...web.context, db: oldConnection.db };
      try {
        await sql`delete from kysely_migration`.execute(oldConnection.db);
        const ready = await ask(`${await open()}/readyz`);
        expect(ready.status).toBe(503);
        expect(JSON.parse(ready.text).checks).toMatchObject({ database: { ok: true }, schema: { ok: false } });
        expect(ready.text).toContain('./pmsync migrate');
      } finally {
        await oldConnection.close();
        await old.drop();
      }
    });

    test('has metrics of the process and of every queue', async () => {
      const url = await open();
      await web.context.queues.queue('sync').add('plan-sync', {}, { delay: 3_600_000 });
      const { text, headers } = await ask(`${url}/metrics`);
      expect(headers['content-type']).toContain('text/plain');
      expect(text).toContain('process_cpu_seconds_total');
      expect(text).toContain('pmsync_queue_up 1');
      expect(text).toContain('bullmq_job_count{queue="sync", state="delayed"} 1');
      expect(text).toContain('bullmq_job_count{queue="fetch.rentprog.batumi.search", state="waiting"} 0');
    });
  });
});

describe.skipIf(!hasRedisServer())('the console while Redis does not answer', () => {
  const web = useConsole({ name: 'postgres' });

  test('is not ready, stays up, and is ready again afterwards', async () => {
    const redis = await startRedis();
    const queues = openQueues({ redisUrl: redis.url, databaseUrl: '', onError: () => {} });
    web.context = { ...web.context, queues };
    try {
      const url = await web.open();
      expect((await ask(`${url}/readyz`)).status).toBe(200);
      redis.freeze();
      const [first, second, metrics, overview] = await Promise.all([
        ask(`${url}/readyz`),
        ask(`${url}/readyz`),
        ask(`${url}/metrics`),
        ask(url),
      ]);
      expect([first.status, second.status, metrics.status, overview.status]).toEqual([503, 503, 200, 200]);
      expect(JSON.parse(first.text).checks).toMatchObject({ database: { ok: true }, queue: { ok: false } });
      expect(metrics.text).toContain('pmsync_queue_up 0');
      expect(metrics.text).not.toContain('bullmq_job_count{');
      redis.thaw();
      await waitFor(async () => (await ask(`${url}/readyz`)).status === 200, { describe: 'it is ready again' });
      expect((await ask(`${url}/metrics`)).text).toContain('pmsync_queue_up 1');
    } finally {
      redis.thaw();
      await queues.close();
      await redis.stop();
    }
  });
});
