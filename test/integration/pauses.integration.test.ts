import { afterEach, describe, expect, test } from 'vitest';
import { readHealth } from '../../health/read-health.ts';
import { targetsOf } from '../../health/targets-of.ts';
import { fetchQueueName } from '../../jobs/fetch-queue.ts';
import { planSync } from '../../jobs/plan-sync.ts';
import { createReceiveWebhook } from '../../jobs/receive-webhook.ts';
import { readOverview } from '../../operations/overview.ts';
import { pause, resume } from '../../operations/pause.ts';
import { runNow } from '../../operations/run-now.ts';
import { startScheduler } from '../../scheduler/start-scheduler.ts';
import { type RentprogSimulatorOptions, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced } from '../support/invariants.ts';
import { loseQueue } from '../support/lose-queue.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const TBILISI = { source: 'rentprog', account: 'tbilisi' };
const BY = { actor: 'nino', reason: 'the branch moves' };

describe.each(queueBackends())('a pause with the queue on $name', (backend) => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  async function start(world: RentprogSimulatorOptions = {}) {
    const simulator = await startRentprogSimulator({
      branches: ['tbilisi', 'batumi'],
      bookings: 30,
      cars: 10,
      missingClients: 0,
      goneClients: 0,
      missingCars: 0,
      limits: null,
      ...world,
    });
    opened.push(() => simulator.close());
    const system = await startSystem({ backend, simulator });
    opened.push(() => system.stop());
    return { simulator, system };
  }

  const schedule = (system: System, entity: string) =>
    system.context.enqueue(
      planSync,
      system.accounts.map(({ source, name }) => ({
        source,
        account: name,
        entity,
        mode: 'incremental' as const,
        trigger: 'schedule' as const,
      })),
    );
  const outcomes = (system: System, job: string) =>
    system
      .logLines()
      .map((line) => JSON.parse(line) as { job?: string; account?: string; outcome?: string })
      .filter((line) => line.job === job)
      .map(({ account, outcome }) => `${account} ${outcome?.replace(/ [0-9a-f-]{36}/, '')}`);
  const isStill = async (system: System, account: string) =>
    Promise.all(
      ['read', 'search'].map((rateClass) =>
        system.queues.queue(fetchQueueName('rentprog', account, rateClass)).isPaused(),
      ),
    );

  test('of an account opens no scheduled run, keeps webhooks waiting, and lets everything go on afterwards', async () => {
    const { simulator, system } = await start();
    await system.sync();
    const receipt = await pause(system.context, TBILISI, BY);
    expect(receipt).toMatchObject({ ...TBILISI, entity: null, changed: true, paused: [{ actor: 'nino' }] });
    expect(receipt.queues?.map(({ queue, change }) => `${queue} ${change}`).toSorted()).toEqual([
      'fetch.rentprog.tbilisi.read paused',
      'fetch.rentprog.tbilisi.search paused',
    ]);
    expect(await pause(system.context, TBILISI, BY)).toMatchObject({ changed: false, queues: [] });

    const runsBefore = (await system.runs()).length;
    await schedule(system, 'cars');
    await waitFor(() => outcomes(system, 'plan-sync').length >= 8, { describe: 'both accounts have been planned' });
    await waitFor(async () => (await system.runs()).length === runsBefore + 1, { describe: 'batumi has its run' });
    expect(outcomes(system, 'plan-sync')).toContain('tbilisi paused');
    expect((await system.runs()).at(-1)?.account).toBe('batumi');

    const { id } = simulator.truth().bookings.find(({ company_id: at }) => at === 101)!;
    simulator.mutate.updateBooking(id, { total: 4321 });
    const event = { type: 'booking_update', records: [{ entity: 'bookings', externalId: String(id) }] };
    expect(await createReceiveWebhook(system.context)({ ...TBILISI, event })).toMatchObject({ asked: 1 });
    const { sources } = await readOverview(system.context);
    const [tbilisi, batumi] = sources[0]!.accounts;
    expect([tbilisi?.light, tbilisi?.paused?.reason, batumi?.paused]).toEqual(['grey', 'the branch moves', null]);
    const { entities } = await readHealth(system.context, targetsOf(system.context));
    expect(entities.filter(({ verdict }) => verdict.reasons[0].code === 'paused').map((one) => one.account)).toEqual(
      Array(3).fill('tbilisi'),
    );
    await waitFor(
      async () => (await readOverview(system.context)).sources[0]?.accounts[0]?.queues?.some((q) => q.waiting === 1),
      { describe: 'the record of the webhook is seen to wait', timeoutMs: 15_000 },
    );
    expect(await system.table('bookings', `external_id = '${id}' and price = 4321`)).toEqual([]);

    expect((await resume(system.context, TBILISI, BY)).paused).toEqual([]);
    await waitFor(async () => (await system.table('bookings', `external_id = '${id}' and price = 4321`)).length === 1, {
      describe: 'the booking is read after all',
    });
    await system.settled();
    expectBalanced(await system.runs());
    const audit = await system.table('audit_log');
    expect(audit.map(({ action, target, actor }) => [action, target, actor])).toEqual([
      ['pause', 'rentprog/tbilisi', 'nino'],
      ['resume', 'rentprog/tbilisi', 'nino'],
    ]);
  });

  test('in the middle of a run holds its pages back, and the run ends once it is lifted', async () => {
    const { simulator, system } = await start({ bookings: 60, pageSize: 5, latencyMs: [40, 40] });
    await system.sync(['clients', 'cars']);
    simulator.resetRequests();
    await system.request(['bookings']);
    await waitFor(() => simulator.requests.byBranch.tbilisi, { describe: 'the first page is asked for' });
    await pause(system.context, TBILISI, BY);
    await waitFor(async () => (await system.queues.queue('fetch.rentprog.tbilisi.read').getActiveCount()) === 0, {
      describe: 'what was under way has ended',
    });
    const asked = simulator.requests.byBranch.tbilisi;
    const bookings = async (account: string) =>
      (await system.runs()).find((run) => run.entity === 'bookings' && run.account === account)?.status;
    await waitFor(async () => (await bookings('batumi')) === 'succeeded', {
      describe: 'the run of the other account is over',
    });
    expect(simulator.requests.byBranch.tbilisi).toBe(asked);
    expect(await bookings('tbilisi')).toBe('running');
    await resume(system.context, TBILISI, BY);
    await system.settled();
    expect((await system.runs()).map(({ status }) => status)).toEqual(Array(6).fill('succeeded'));
  });

  test('leaves the look-up of a missing parent to the accounts that are not paused', async () => {
    const { simulator, system } = await start({ bookings: 10 });
    await system.sync();
    await pause(system.context, TBILISI, BY);
    const client = simulator.mutate.createClient('batumi');
    const { id } = simulator.mutate.createBooking('batumi', { client_id: client.id });
    simulator.mutate.createBooking('tbilisi', { client_id: client.id });
    await system.request(['bookings']);
    await waitFor(async () => (await system.table('bookings', `external_id = '${id}'`)).length === 1, {
      describe: 'the booking is here with its client',
    });
    // A run that is still going is not started again.
    const isGoing = async () =>
      (await system.runs()).some(({ account, status }) => account === 'batumi' && status === 'running');
    await waitFor(async () => !(await isGoing()), { describe: 'its run is closed' });
    // One that nobody has: the paused account has to be asked too, and it is not given up before.
    const lost = simulator.mutate.createBooking('batumi', { client_id: 999_999_999 });
    await system.request(['bookings']);
    const trail = async () => (await system.table('source_records', "external_id = '999999999'"))[0]?.trail ?? [];
    await waitFor(async () => (await trail()).length === 1, { describe: 'batumi has been asked' });
    expect((await system.table('source_records', `external_id = '${lost.id}'`))[0].state).toBe('parked');
    await resume(system.context, TBILISI, BY);
    await waitFor(async () => (await system.table('bookings', `external_id = '${lost.id}'`)).length === 1, {
      describe: 'the booking is stored without its client',
    });
    expect((await trail()).map((step: { account: string }) => step.account)).toEqual(['batumi', 'tbilisi']);
    await system.settled();
  });

  test('of an entity stops its runs only', async () => {
    const { system } = await start();
    await pause(system.context, { ...TBILISI, entity: 'cars' }, BY);
    expect(await isStill(system, 'tbilisi')).toEqual([false, false]);
    await schedule(system, 'cars');
    await schedule(system, 'clients');
    await waitFor(() => outcomes(system, 'plan-sync').length === 4, { describe: 'all has been planned' });
    expect(outcomes(system, 'plan-sync').toSorted()).toEqual([
      'batumi run opened',
      'batumi run opened',
      'tbilisi paused',
      'tbilisi run opened',
    ]);
    await system.settled();
    const { requested, refused } = await runNow(system.context, TBILISI, {}, BY);
    expect(requested.map(({ entity }) => entity)).toEqual(['clients', 'bookings']);
    expect(refused).toMatchObject([{ target: { entity: 'cars' }, paused: { entity: 'cars', actor: 'nino' } }]);
    await pause(system.context, TBILISI, BY);
    const left = await resume(system.context, TBILISI, BY);
    expect(left.paused).toMatchObject([{ entity: 'cars' }]);
    await system.settled();
  });

  test('stands again after the queue has lost it, and a queue that waits after a 429 is no paused one', async () => {
    const { simulator, system } = await start();
    await system.sync(['cars']);
    await pause(system.context, TBILISI, BY);
    await loseQueue(backend, system);
    if (!backend.redisUrl)
      for (const name of ['read', 'search']) await system.queues.queue(`fetch.rentprog.tbilisi.${name}`).resume();
    expect(await isStill(system, 'tbilisi')).toEqual([false, false]);
    const scheduler = await startScheduler(system.context, 100);
    opened.push(() => scheduler.stop());
    await waitFor(async () => (await isStill(system, 'tbilisi')).every(Boolean), { describe: 'it stands still again' });

    // Batumi has to wait for its vendor: the scheduler neither pauses nor frees it.
    simulator.faults.retryAfterSeconds = 1;
    simulator.faults.branchRateLimited = { branch: 'batumi', untilMs: Date.now() + 1500 };
    await system.request(['cars']);
    await waitFor(async () => (await system.queues.queue('fetch.rentprog.batumi.read').getRateLimitTtl()) > 0, {
      describe: 'the queue waits for the time that the vendor has said',
    });
    expect(await isStill(system, 'batumi')).toEqual([false, false]);
    const batumi = async () => (await system.runs()).filter(({ account }) => account === 'batumi');
    await waitFor(async () => (await batumi()).every(({ status }) => status === 'succeeded'), {
      describe: 'batumi has been read when its time was over',
    });
    expect(await isStill(system, 'tbilisi')).toEqual([true, true]);
    await resume(system.context, TBILISI, BY);
    await system.settled();
    expect(await isStill(system, 'tbilisi')).toEqual([false, false]);
  });
});
