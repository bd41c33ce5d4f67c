import type { JobType } from 'bullmq';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { type ConsoleOptions, startConsole } from '../../console/start-console.ts';
import { connect } from '../../db/connection.ts';
import { fetchQueueName } from '../../jobs/fetch-queue.ts';
import type { RentprogSimulatorOptions } from '../../sources/rentprog/simulator.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced } from '../support/invariants.ts';
import { accountsOf, type Run, type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = 'a-secret-of-this-branch';
const PATH = `/webhooks/rentprog/tbilisi/${SECRET}`;
const SEARCHES = fetchQueueName('rentprog', 'tbilisi', 'search');

describe.each(queueBackends())('webhooks with the queue on $name', (backend) => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  async function start(world: RentprogSimulatorOptions = {}, web: Partial<ConsoleOptions> = {}) {
    const address = { url: '' };
    const simulator = await startRentprogSimulator({
      branches: ['tbilisi', 'batumi'],
      bookings: 40,
      cars: 10,
      missingClients: 0,
      goneClients: 0,
      missingCars: 0,
      limits: null,
      webhookUrl: (branch) => address.url && `${address.url}/webhooks/rentprog/${branch}/${SECRET}`,
      ...world,
    });
    opened.push(() => simulator.close());
    const accounts = accountsOf(simulator).map((account) => ({ ...account, webhookSecret: SECRET }));
    const system = await startSystem({ backend, simulator, accounts });
    opened.push(() => system.stop());
    const console = await startConsole(system.context, { host: '127.0.0.1', port: 0, ...web });
    opened.push(() => console.close());
    // The simulator posts from here on only.
    const listen = () => {
      address.url = console.url;
    };
    return { simulator, system, url: console.url, listen };
  }

  const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const changed = (id: number) => ({ event: 'booking_update', payload: `{"id"=>${id}, "total"=>[1, 2]}` });
  const webhookRuns = async (system: System) =>
    (await system.runs()).filter((run) => (run as Run & { trigger: string }).trigger === 'webhook');
  const priceOf = async (system: System, id: number) =>
    (await system.table('bookings', `external_id = '${id}'`))[0]?.price as string | undefined;

  test('what the vendor creates and changes is here at once, without a sync', async () => {
    const { simulator, system, listen } = await start();
    await system.sync();
    listen();
    const runsBefore = (await system.runs()).length;
    const client = simulator.mutate.createClient('tbilisi', { lastname: 'Новый' });
    const booking = simulator.mutate.createBooking('tbilisi', { client_id: client.id, total: 111 });
    const other = simulator.truth().bookings.find(({ company_id: at }) => at === 102)!;
    simulator.mutate.updateBooking(other.id, { total: 222.5 });
    await simulator.webhooksSettled();
    expect(simulator.webhooks).toEqual({ sent: 3, failed: 0 });
    await waitFor(async () => (await priceOf(system, other.id)) === '222.50', { describe: 'the change is here' });
    await waitFor(async () => (await priceOf(system, booking.id)) === '111.00', { describe: 'the booking is here' });
    await system.settled();
    const [row] = await system.table('bookings', `external_id = '${booking.id}'`);
    const [linked] = await system.table('clients', `id = '${row.client_id}'`);
    expect(linked.last_name).toBe('Новый');
    const runs = await webhookRuns(system);
    expect((await system.runs()).length).toBe(runsBefore + runs.length);
    expect(runs.map(({ status, pages_failed: failed }) => ({ status, failed }))).toEqual(
      runs.map(() => ({ status: 'succeeded', failed: 0 })),
    );
    expectBalanced(runs);
  });

  test('a record that is not found any more stays as it is where that proves nothing', async () => {
    const { simulator, system, listen } = await start();
    await system.sync(['clients', 'cars', 'bookings']);
    listen();
    const { id } = simulator.truth().bookings[0]!;
    simulator.mutate.destroyBooking(id);
    await waitFor(async () => (await webhookRuns(system)).some(({ status }) => status === 'succeeded'), {
      describe: 'the webhook run is closed',
    });
    expect(await system.table('bookings', `external_id = '${id}' and deleted_at is null`)).toHaveLength(1);
    expectBalanced(await webhookRuns(system));
  });

  test('an event that comes while its record is being read has it read once more', async () => {
    const { simulator, system, url } = await start();
    await system.sync();
    const booking = simulator.truth().bookings.find(({ company_id: at }) => at === 101)!;
    simulator.resetRequests();
    simulator.faults.slow = { ms: 400, rate: 1 };
    simulator.mutate.updateBooking(booking.id, { total: 1000 });
    await post(url + PATH, changed(booking.id));
    await waitFor(() => simulator.requests.searches.length === 1, { describe: 'the record is being read' });
    simulator.mutate.updateBooking(booking.id, { total: 2000 });
    await post(url + PATH, changed(booking.id));
    await waitFor(async () => (await priceOf(system, booking.id)) === '2000.00', { describe: 'the newest is here' });
    await system.settled();
    expect(simulator.requests.searches).toHaveLength(2);
    const runs = await webhookRuns(system);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ status: 'succeeded', fetched: 2, requests: 2 });
    expectBalanced(runs);
  });

  test('many events of records not yet read cost one request each, in one run', async () => {
    const { simulator, system, url } = await start();
    await system.sync();
    await system.queues.queue(SEARCHES).pause();
    simulator.resetRequests();
    const ids = simulator
      .truth()
      .bookings.filter(({ company_id: at }) => at === 101)
      .slice(0, 5)
      .map(({ id }) => id);
    for (const id of ids) simulator.mutate.updateBooking(id, { total: id });
    const events = Array.from({ length: 40 }, (_, i) => changed(ids[i % ids.length]!));
    const answers = await Promise.all(events.map((event) => post(url + PATH, event)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await answers[0]!.text()).toBe('OK');
    expect((await webhookRuns(system)).map(({ status }) => status)).toEqual(['running']);
    await system.queues.queue(SEARCHES).resume();
    await system.settled();
    expect(simulator.requests.searches).toHaveLength(ids.length);
    for (const id of ids) expect(await priceOf(system, id)).toBe(`${id}.00`);
    expectBalanced(await webhookRuns(system));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const count = (outcome: string) =>
      Number(new RegExp(`pmsync_webhooks_total\\{.*tbilisi.*known.*"${outcome}"\\} (\\d+)`).exec(metrics)?.[1]);
    expect([count('asked'), count('repeated')]).toEqual([ids.length, events.length - ids.length]);
  });

  test('what was told before the queue was lost is read all the same', async () => {
    const { simulator, system, url } = await start();
    await system.sync();
    await system.queues.queue(SEARCHES).pause();
    const { id } = simulator.truth().bookings.find(({ company_id: at }) => at === 101)!;
    simulator.mutate.updateBooking(id, { total: 4321 });
    expect((await post(url + PATH, changed(id))).status).toBe(200);
    // The PostgreSQL backend has a state of its own for the jobs of a paused queue, which the types do not name.
    const held = ['waiting', 'paused'] as JobType[];
    await waitFor(async () => (await system.queues.queue(SEARCHES).getJobCountByTypes(...held)) > 0, {
      describe: 'the job is in the queue',
    });
    await system.queues.queue(SEARCHES).obliterate({ force: true });
    await system.queues.queue(SEARCHES).resume();
    await waitFor(async () => (await priceOf(system, id)) === '4321.00', {
      describe: 'the sweep has found it',
      timeoutMs: 30_000,
    });
  });

  test('who does not know the secret learns nothing, and it stands in no log line', async () => {
    const { system, url } = await start();
    const noSuch = [
      `/webhooks/rentprog/tbilisi/${SECRET}x`,
      `/webhooks/rentprog/tbilisi/${SECRET.slice(1)}`,
      `/webhooks/rentprog/nowhere/${SECRET}`,
      `/webhooks/nothing/tbilisi/${SECRET}`,
      '/webhooks/rentprog/tbilisi/%00',
    ];
    const answers = await Promise.all(noSuch.map((path) => post(url + path, changed(1))));
    expect(answers.map(({ status }) => status)).toEqual(noSuch.map(() => 404));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(texts)).toEqual(new Set([JSON.stringify({ error: 'There is no such page.' })]));
    const account = system.context.settings.sources[0]!.accounts[0]!;
    account.webhookSecret = undefined;
    expect((await post(url + PATH, changed(1))).status).toBe(404);
    expect((await post(`${url}/webhooks/rentprog/tbilisi/undefined`, changed(1))).status).toBe(404);
    account.webhookSecret = SECRET;
    expect((await post(url + PATH, 'garbage')).status).toBe(400);
    expect((await post(url + PATH, changed(900_999))).status).toBe(200);
    await system.settled();
    expect(await webhookRuns(system)).toHaveLength(1);
    expect(system.logLines().filter((line) => line.includes('webhook')).length).toBeGreaterThan(1);
    expect(system.logLines().filter((line) => line.includes(SECRET))).toEqual([]);
  });

  test('bodies are taken as text of any type, and refused when they cannot be read', async () => {
    const { system, url } = await start({}, { password: 'of the console' });
    const json = JSON.stringify(changed(123_456));
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'odd/type; x=1']) {
      const headers = { 'content-type': type, origin: 'https://rentprog.example' };
      expect((await post(url + PATH, json, headers)).status, type).toBe(200);
    }
    const broken = await post(url + PATH, '{"event":');
    expect(broken.status).toBe(400);
    expect(await broken.json()).toEqual({ error: expect.stringMatching(/^The body cannot be read: expected a JSON/) });
    expect((await post(url + PATH, '')).status).toBe(400);
    expect((await post(url + PATH, `"${'x'.repeat(300_000)}"`)).status).toBe(413);
    expect((await post(url + PATH, { event: 'cash_create', payload: { id: 1 } })).status).toBe(200);
    await system.settled();
    const runs = await webhookRuns(system);
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expectBalanced(runs);
    const basic = `Basic ${Buffer.from('x:of the console').toString('base64')}`;
    const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization: basic } })).text();
    expect(metrics).toMatch(/pmsync_webhooks_total\{[^}]*type="unreadable",outcome="refused"\} 2/);
    expect(metrics).toMatch(/pmsync_webhooks_total\{[^}]*type="unknown",outcome="ignored"\} 1/);
  });

  test('an event that cannot be written down is asked for again', async () => {
    const { system } = await start();
    const away = connect({ url: 'postgresql://nobody@127.0.0.1:1/nothing', onError: () => {} });
    opened.push(() => away.close());
    const console = await startConsole({ ...system.context, db: away.db }, { host: '127.0.0.1', port: 0 });
    opened.push(() => console.close());
    const answer = await post(console.url + PATH, changed(1));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    expect((await sql`select 1 from sync_log`.execute(system.db)).rows).toEqual([]);
  });
});
