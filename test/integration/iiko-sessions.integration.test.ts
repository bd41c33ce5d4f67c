import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { type IikoSimulatorOptions, startIikoSimulator } from '../../sources/iiko/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectSalesMirrored, iikoAccount } from '../support/iiko-truth.ts';
import { type SystemOptions, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SEED = 7;
const QUEUE = 'fetch.iiko.main.read';
const MINUTE = 60_000;

describe.each(queueBackends())('the one licence of an iikoServer, with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function simulate(world: IikoSimulatorOptions = {}) {
    const simulator = await startIikoSimulator({ seed: SEED, days: 5, lines: 300, ...world });
    opened.push({ stop: () => simulator.close() });
    const start = async (options: Partial<SystemOptions> = {}) => {
      const system = await startSystem({ backend, accounts: [iikoAccount(simulator)], ...options });
      opened.push(system);
      return system;
    };
    return { simulator, start };
  }

  test('is shared by two processes and by who asks beside the queue, and nobody asks while another does', async () => {
    const { simulator, start } = await simulate({ latencyMs: [5, 15] });
    const first = await start();
    const second = await start({ beside: first });
    const asked = first.sync();
    const beside = Array.from({ length: 5 }, () =>
      second.context.vendor('iiko', 'main').http.getText('/replication/serverType'),
    );
    expect(new Set(await Promise.all(beside))).toEqual(new Set(['STANDALONE_RMS\n']));
    await asked;
    await expectSalesMirrored(first.db, simulator);
    expect(simulator.requests.logins).toBe(1);
    await second.stopWorkers();
    await first.sync(['stores']);
    await first.stopWorkers();
    simulator.assertGoodManners({ allLoggedOut: true });
  });

  test('that somebody else sits on is waited for, not hammered, and an issue says why', async () => {
    const { simulator, start } = await simulate({ faults: { licenceTaken: true } });
    const system = await start();
    await system.request(['departments']);
    const [issue] = await waitFor(
      async () => {
        const issues = await system.table('sync_issues', 'resolved_at is null');
        return issues.length > 0 && issues;
      },
      { describe: 'an issue is open' },
    );
    expect(issue).toMatchObject({ kind: 'unavailable', entity: 'departments', account: 'main' });
    expect(issue.message).toContain('licence');
    const pausedFor = () => system.queues.queue(QUEUE).getRateLimitTtl(1);
    await waitFor(async () => (await pausedFor()) > 4 * MINUTE, { describe: 'the queue is paused for minutes' });
    expect(simulator.requests.refusedLogins.length).toBe(1);

    simulator.faults.licenceTaken = false;
    // As when the five minutes are over.
    await system.queues.queue(QUEUE).removeRateLimitKey();
    await start({ beside: system });
    await waitFor(async () => (await system.runs()).some((run) => run.status === 'succeeded'), {
      describe: 'the run goes on',
      timeoutMs: 30_000,
    });
    expect(await system.table('sync_issues', 'resolved_at is null')).toEqual([]);
  });

  test('is given back when nobody needs it for a while, also one that a dead process has left', async () => {
    const { simulator, start } = await simulate();
    const system = await start();
    await system.sync(['stores']);
    expect(simulator.openSessions()).toBe(1);
    await sql`update source_sessions set used_at = used_at - interval '2 minutes'`.execute(system.db);
    await waitFor(() => simulator.openSessions() === 0, { describe: 'the sweep has logged out', timeoutMs: 20_000 });
    await system.sync(['stores']);
    expect(simulator.requests.logins).toBe(2);
    simulator.assertGoodManners();
  });

  test('that a dead process has left is used by the next one, and a request of his is waited for', async () => {
    const { simulator, start } = await simulate();
    const dead = await start();
    await dead.sync(['stores']);
    // Killed in the middle of a request: its lock is gone, the session and the request are not.
    await dead.workers.stop(5000);
    await sql`update source_sessions set busy_until = clock_timestamp() + interval '1 second'`.execute(dead.db);
    const next = await start({ beside: dead });
    const { rows } = await sql<{ busy_until: Date }>`select busy_until from source_sessions`.execute(next.db);
    await next.context.vendor('iiko', 'main').http.getText('/replication/serverType');
    const { rows: now } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(next.db);
    expect(now[0]!.at.getTime()).toBeGreaterThanOrEqual(rows[0]!.busy_until.getTime());
    expect(simulator.requests.logins).toBe(1);
    simulator.assertGoodManners();
  });

  test('is logged in to again once when the server has restarted', async () => {
    const { simulator, start } = await simulate();
    const system = await start();
    await system.sync(['stores']);
    simulator.restart();
    await system.sync(['stores']);
    expect(simulator.requests.logins).toBe(2);
    expect(simulator.requests.unauthorized).toBe(1);
    simulator.assertGoodManners();
  });
});
