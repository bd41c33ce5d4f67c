import { context, propagation, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTraces, type Traces } from '../../cli/traces/start-traces.ts';
import { applySchedules } from '../../scheduler/apply-schedules.ts';
import { schedulersOf } from '../../scheduler/schedules.ts';
import { type RentprogSimulator, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { type OtlpServer, startOtlpServer } from '../support/otlp-server.ts';
import { type System, startSystem } from '../support/system.ts';

const HOUR = 3_600_000;
const HEADER = 'a-collector-key';

describe.each(queueBackends())('traces with $name', (backend) => {
  let collector: OtlpServer;
  let simulator: RentprogSimulator;
  let traces: Traces;
  let system: System;
  /** Schedulers changed by one look after the other. */
  let passes: number[];

  beforeAll(async () => {
    collector = await startOtlpServer();
    simulator = await startRentprogSimulator({
      branches: ['tbilisi'],
      bookings: 30,
      missingClients: 2,
      goneClients: 1,
      limits: null,
    });
    const log = { warn: () => {}, debug: () => {} };
    const options = { endpoint: collector.url, headers: { 'x-key': HEADER }, serviceName: 'pmsync-test', ratio: 1 };
    traces = startTraces(options, { role: 'worker', log });
    const schedule = { clients: { everyMs: HOUR }, full: { cron: '0 3 * * *' } };
    system = await startSystem({ backend, simulator, schedule, traces });
    await system.sync();
    await system.stopWorkers();
    const wanted = schedulersOf(system.context.settings, system.context.sources);
    const pass = () => applySchedules(system.queues.queue('sync'), wanted);
    passes = [(await pass()).length, (await pass()).length];
    await traces.stop();
  });
  afterAll(async () => {
    await system.stop();
    await simulator.close();
    await collector.close();
  });

  const named = (name: string | RegExp) => collector.spans.filter((span) => span.name.match(name));

  test('follow a run from its plan to the rows, and each request to the vendor', () => {
    const pages = named(/^process fetch\.rentprog\.tbilisi\.read$/);
    expect(pages.length).toBeGreaterThan(2);
    const requests = named(/^request rentprog$/);
    expect(requests).toHaveLength(simulator.requests.total);
    const page = pages.find(({ spanId }) => requests.some((request) => request.parentId === spanId))!;
    const request = requests.find(({ parentId }) => parentId === page.spanId)!;
    expect(request.attributes).toMatchObject({
      'pmsync.source': 'rentprog',
      'pmsync.account': 'tbilisi',
      'http.response.status_code': 200,
    });
    const whole = collector.spans.filter(({ traceId }) => traceId === page.traceId);
    const jobs = new Set(whole.map(({ attributes }) => attributes['bullmq.job.name']));
    expect([...jobs]).toEqual(expect.arrayContaining(['plan-sync', 'fetch-page', 'upsert-record']));
    expect(page.resource).toEqual({ 'service.name': 'pmsync-test', 'pmsync.role': 'worker' });
    expect(collector.headers[0]).toMatchObject({ 'x-key': HEADER, 'content-type': 'application/x-protobuf' });
  });

  test('are not of what the queue does while there is nothing to do', () => {
    expect(named(/getNextJob|moveStalled|extendLocks/)).toEqual([]);
  });

  test('hold no token, no address and nothing of a person', () => {
    const raw = collector.raw();
    const { clients } = simulator.truth();
    const personal = clients.flatMap(({ phone, email, last_name: name }) => [phone, email, name]).filter(Boolean);
    expect(personal.length).toBeGreaterThan(20);
    const secrets = simulator.branches.map(({ companyToken }) => companyToken);
    for (const text of [...secrets, ...personal, simulator.url, system.databaseUrl, HEADER, 'search='])
      expect(raw).not.toContain(text);
  });

  test('leave the schedulers as they are', () => {
    expect(passes).toEqual([4, 0]);
  });
});

test('A collector that is away costs a line in the log, and the end does not wait for it', async () => {
  const warnings: unknown[] = [];
  const log = { warn: (...args: unknown[]) => void warnings.push(args), debug: () => {} };
  const options = { endpoint: 'http://127.0.0.1:9', headers: {}, serviceName: 'x', ratio: 1 };
  const traces = startTraces(options, { role: 'test', log });
  await traces.request({ source: 's', account: 'a', rateClass: 'read' }, async () => {});
  const startedAt = performance.now();
  await traces.stop();
  expect(performance.now() - startedAt).toBeLessThan(6000);
  expect(JSON.stringify(warnings)).toContain('the last traces are lost');
});

test('A job carries its trace and nothing else, and a carrier that cannot be read is none', async () => {
  const options = { endpoint: 'http://127.0.0.1:9', headers: {}, serviceName: 'x', ratio: 1 };
  const traces = startTraces(options, { role: 'test', log: { warn: () => {}, debug: () => {} } });
  try {
    const span = trace.getTracer('t').startSpan('one');
    const carrier: Record<string, string> = {};
    propagation.inject(trace.setSpan(context.active(), span), carrier);
    expect(carrier).toEqual({ traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) });
    const found = trace.getSpanContext(propagation.extract(context.active(), carrier));
    expect(found).toMatchObject({ traceId: span.spanContext().traceId, isRemote: true });
    for (const traceparent of ['', 'nonsense', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`])
      expect(trace.getSpanContext(propagation.extract(context.active(), { traceparent }))).toBeUndefined();
  } finally {
    await traces.stop();
  }
});
