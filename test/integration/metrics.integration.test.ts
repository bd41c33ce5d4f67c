import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMetricsServer } from '../../console/metrics/start-metrics-server.ts';
import { type Console, startConsole } from '../../console/start-console.ts';
import { connect } from '../../db/connection.ts';
import { type RentprogSimulator, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { ask } from '../support/console.ts';
import { readMetrics, type Sample, sampleOf } from '../support/read-metrics.ts';
import { perMinute, type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;
const tbilisi = { source: 'rentprog', account: 'tbilisi' };
const bookings = { ...tbilisi, entity: 'bookings' };

describe.each(queueBackends())('the metrics with $name', (backend) => {
  let simulator: RentprogSimulator;
  let system: System;
  const consoles: Console[] = [];

  beforeAll(async () => {
    simulator = await startRentprogSimulator({
      branches: ['tbilisi'],
      bookings: 60,
      missingClients: 3,
      goneClients: 1,
      limits: null,
    });
    const limits = { read: perMinute(6000), search: perMinute(6000), auth: perMinute(6000) };
    system = await startSystem({ backend, simulator, limits });
  });
  afterAll(async () => {
    for (const open of consoles) await open.close();
    await system.stop();
    await simulator.close();
  });

  async function openConsole(context = system.context): Promise<() => Promise<Sample[]>> {
    const open = await startConsole(context, { host: '127.0.0.1', port: 0 });
    consoles.push(open);
    return async () => {
      const { status, text } = await ask(`${open.url}/metrics`);
      expect(status).toBe(200);
      return readMetrics(text);
    };
  }

  test('tell what runs have done, how every entity stands, and how long records took', async () => {
    const scrape = await openConsole();
    const before = await scrape();
    expect(sampleOf(before, 'pmsync_runs_total', { ...bookings, status: 'succeeded' })).toBe(0);
    expect(sampleOf(before, 'pmsync_freshness_seconds', bookings)).toBeUndefined();
    expect(sampleOf(before, 'pmsync_light', bookings)).toBe(1);

    const runs = await system.sync();
    const run = runs.find((one) => one.entity === 'bookings')!;
    // What was read for the first answer is shown for some seconds.
    const metrics = await waitFor(
      async () => {
        const now = await scrape();
        return sampleOf(now, 'pmsync_runs_total', { ...bookings, status: 'succeeded' }) === 1 && now;
      },
      { describe: 'the run is counted' },
    );
    expect(sampleOf(metrics, 'pmsync_records_total', { ...bookings, outcome: 'inserted' })).toBe(run.inserted);
    expect(sampleOf(metrics, 'pmsync_freshness_seconds', bookings)).toBeLessThan(60);
    expect(sampleOf(metrics, 'pmsync_light', { ...tbilisi, entity: 'cars' })).toBe(-1);
    expect(sampleOf(metrics, 'pmsync_light', bookings)).toBe(1);
    expect(sampleOf(metrics, 'pmsync_open_issues', { ...tbilisi, kind: 'missing_parent' })).toBe(1);
    expect(sampleOf(metrics, 'pmsync_open_issues', { ...tbilisi, kind: 'delete_brake' })).toBe(0);
    expect(sampleOf(metrics, 'pmsync_rows', bookings)).toBe(60);
    expect(sampleOf(metrics, 'pmsync_quarantined_records', bookings)).toBe(0);
    expect(sampleOf(metrics, 'pmsync_worker_processes')).toBe(1);
    expect(sampleOf(metrics, 'pmsync_queue_oldest_waiting_seconds', { queue: 'apply' })).toBe(0);
    const written = metrics.filter(({ name }) => name === 'pmsync_apply_latency_seconds_count');
    const told = system.logLines().filter((line) => /"job":"upsert-record".*"outcome":"(inserted|updated)"/.test(line));
    expect(written.reduce((sum, { value }) => sum + value, 0)).toBe(told.length);
    expect(sampleOf(metrics, 'pmsync_job_seconds_count', { job: 'plan-sync', end: 'done' })).toBe(runs.length);
    const sent = metrics.filter(({ name }) => name === 'pmsync_vendor_requests_total');
    expect(sent.reduce((sum, { value }) => sum + value, 0)).toBe(simulator.requests.total);
    expect(sampleOf(sent, 'pmsync_vendor_requests_total', { class: 'auth', status: '200' })).toBe(1);
  });

  test('tell how much of a budget is used, whichever process has sent the requests', async () => {
    await waitFor(async () => (await system.table('vendor_requests')).length > 0, { describe: 'requests are counted' });
    await waitFor(
      async () => {
        const [row] = await system.table(
          '(select 1 as a, 2 as b, 3 as c, sum(requests)::int as sent from vendor_requests) t',
        );
        return row.sent === simulator.requests.total;
      },
      { describe: 'every request is written down' },
    );
    await sql`delete from vendor_requests`.execute(system.db);
    for (const [secondsAgo, requests] of [
      [30, 600],
      [180, 600],
      [400, 999],
    ])
      await sql`insert into vendor_requests (source, account, rate_class, at, requests)
        values (${tbilisi.source}, ${tbilisi.account}, 'search', now() - make_interval(secs => ${secondsAgo}), ${requests})`.execute(
        system.db,
      );
    const metrics = await (await openConsole())();
    const used = (window: string) =>
      sampleOf(metrics, 'pmsync_vendor_budget_used_ratio', { ...tbilisi, class: 'search', window });
    expect(used('1m')).toBe(0.1);
    expect(used('5m')).toBe(0.04);
    expect(sampleOf(metrics, 'pmsync_vendor_allowed_requests_per_minute', { class: 'read' })).toBe(6000);
  });

  test('are all there that the dashboard and the alert rules name', async () => {
    const metrics = await (await openConsole())();
    const there = new Set(metrics.map(({ name }) => name));
    const named = (file: string) =>
      new Set(readFileSync(join('deploy', file), 'utf8').match(/\b(pmsync|bullmq|process|nodejs)_\w+/g));
    for (const file of ['grafana/pmsync.json', 'prometheus/alerts.yml']) {
      expect(named(file).size).toBeGreaterThan(5);
      // A webhook's counter has no line before the first webhook.
      for (const name of named(file)) if (name !== 'pmsync_webhooks_total') expect(there, file).toContain(name);
    }
  });

  test('say of a queue just what BullMQ says of it', async () => {
    const queue = system.queues.queue('fetch.rentprog.tbilisi.search');
    const metrics = await (await openConsole())();
    const own = readMetrics(await queue.exportPrometheusMetrics()).filter(
      ({ name }) => backend.name === 'redis' || !name.endsWith('_total'),
    );
    const shown = metrics.filter(({ name, labels }) => name.startsWith('bullmq_') && labels.queue === queue.name);
    expect(own.length).toBeGreaterThan(5);
    expect(shown).toEqual(own);
  });

  test('name no record and no person in a label', async () => {
    const metrics = await (await openConsole())();
    const allowed =
      /^(source|account|entity|kind|status|outcome|class|window|queue|state|job|end|le|type|version|major|minor|patch|space|quantile)$/;
    const values = new Set(metrics.flatMap(({ labels }) => Object.values(labels)));
    for (const { name, labels } of metrics)
      for (const label of Object.keys(labels)) expect(label, name).toMatch(allowed);
    const ids = (await system.table('source_records')).map((row) => row.external_id);
    expect(ids.length).toBeGreaterThan(60);
    for (const id of ids) expect(values).not.toContain(id);
  });

  test('are without the numbers of a database that is away, and there all the same', async () => {
    const away = connect({ url: 'postgres://nobody@no-such-host.invalid/db', onError: () => {} });
    try {
      const metrics = await (await openConsole({ ...system.context, db: away.db }))();
      expect(sampleOf(metrics, 'pmsync_database_up')).toBe(0);
      expect(sampleOf(metrics, 'pmsync_queue_up')).toBe(1);
      for (const name of ['pmsync_light', 'pmsync_open_issues', 'pmsync_vendor_budget_used_ratio'])
        expect(metrics.filter((sample) => sample.name === name)).toEqual([]);
      expect(sampleOf(metrics, 'bullmq_job_count', { queue: 'apply', state: 'waiting' })).toBe(0);
    } finally {
      await away.close();
    }
  });

  test('tell how long the next job has been waiting', async () => {
    const queue = system.queues.queue('fetch.rentprog.tbilisi.read');
    await queue.pause();
    try {
      await queue.add('fetch-page', {}, { jobId: 'old', timestamp: Date.now() - 10 * MINUTE, priority: 100 });
      await queue.add('fetch-page', {}, { jobId: 'older', timestamp: Date.now() - 20 * MINUTE, priority: 200 });
      const metrics = await (await openConsole())();
      const oldest = sampleOf(metrics, 'pmsync_queue_oldest_waiting_seconds', { queue: 'fetch.rentprog.tbilisi.read' });
      expect(Math.round((oldest ?? 0) / 60)).toBe(10);
    } finally {
      await queue.remove('old');
      await queue.remove('older');
      await queue.resume();
    }
  });

  test('are served by a process without a console, to this machine only', async () => {
    const server = await startMetricsServer([system.context.measures!.registry], { host: '127.0.0.1', port: 0 });
    try {
      const metrics = readMetrics((await ask(`${server.url}/metrics`)).text);
      expect(sampleOf(metrics, 'pmsync_job_seconds_count', { job: 'close-run', end: 'done' })).toBeGreaterThan(0);
      expect(sampleOf(metrics, 'process_resident_memory_bytes')).toBeGreaterThan(0);
      expect((await ask(`${server.url}/metrics`, 'GET', { host: 'elsewhere.example' })).status).toBe(403);
      expect((await ask(`${server.url}/healthz`)).status).toBe(200);
      await expect(
        startMetricsServer([], { host: '127.0.0.1', port: Number(new URL(server.url).port) }),
      ).rejects.toThrow('set METRICS_PORT');
    } finally {
      await server.close();
    }
  });
});
