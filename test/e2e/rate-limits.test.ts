import { afterEach, describe, expect, test } from 'vitest';
import { type RentprogSimulatorOptions, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { perMinute, type System, type SystemOptions, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
/** Of 300 requests a minute. */
const PACE_MS = 200;
const NONE = { clients: 0, cars: 0, missingClients: 0, goneClients: 0, missingCars: 0 };

describe.each(queueBackends())('the budget of a vendor with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: RentprogSimulatorOptions, options: Partial<SystemOptions> = {}) {
    const simulator = await startRentprogSimulator({ limits: null, ...NONE, ...world });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, simulator, ...options });
    opened.push(system);
    return { simulator, system };
  }

  test('is kept to, and used', async () => {
    // 300 a minute, looked at through a window that slides.
    const { simulator, system } = await start(
      {
        bookings: 480,
        branches: ['tbilisi'],
        limits: { read: 40, search: 40, auth: 40 },
        limitWindowMs: 8 * SECOND,
      },
      { limits: { read: perMinute(300), search: perMinute(300), auth: perMinute(300) } },
    );
    const [run] = await system.sync(['bookings']);
    expect(run?.status).toBe('succeeded');
    expect(simulator.requests.rateLimited).toBe(0);
    // From the first answer to the last: what a run does before and after is not the vendor's budget.
    const [{ elapsed_ms: elapsedMs, pages }] = await system.table(
      `(select extract(epoch from max(changed_at) - min(changed_at))::float8 * 1000 as elapsed_ms, count(*)::int as pages, 3, 4
        from sync_pages) as took`,
    );
    const used = (pages - 1) / (elapsedMs / PACE_MS);
    expect(used).toBeGreaterThan(0.7);
    expect(used).toBeLessThanOrEqual(1.02);
  });

  test('of one branch is not touched by the 429s of another, which cost no attempt', async () => {
    const { simulator, system } = await start(
      { bookings: 500, branches: ['tbilisi', 'batumi'] },
      { limits: { read: perMinute(300), search: perMinute(300), auth: perMinute(300) } },
    );
    simulator.faults.branchRateLimited = { branch: 'tbilisi', untilMs: Date.now() + 4 * SECOND };
    await system.request(['bookings']);
    const requests = simulator.requests.byBranch;
    await waitFor(() => requests.batumi && requests.tbilisi, { describe: 'both branches are asked', intervalMs: 1 });
    const [from, before] = [Date.now(), requests.batumi ?? 0];
    await waitFor(() => Date.now() >= from + 3 * SECOND, { describe: '3 s have passed' });
    const paceMs = (Date.now() - from) / ((requests.batumi ?? 0) - before);
    const refused = requests.tbilisi ?? 0;
    // Far from the standstill of the other one; how near to its pace is the benchmark's matter.
    expect(paceMs).toBeLessThan(2 * PACE_MS);
    // What was in flight when the first refusal came, and its session.
    expect(refused).toBeLessThanOrEqual(10);
    await system.settled();
    expect((await system.runs()).map((run) => run.status)).toEqual(['succeeded', 'succeeded']);
    expect(attempts(system)).toEqual([1]);
    expect(await system.table('bookings')).toHaveLength(500);
  });

  test.each([
    ['seconds', 'rateLimitSeconds'],
    ['a date', 'rateLimitDate'],
  ] as const)('is respected when the vendor says Retry-After as %s', async (_, fault) => {
    const { simulator, system } = await start({
      bookings: 40,
      branches: ['tbilisi'],
      faults: { [fault]: 0.2, retryAfterSeconds: 2 },
    });
    const [run] = await system.sync(['bookings']);
    expect(run?.status).toBe('succeeded');
    expect(await system.table('bookings')).toHaveLength(40);
    const waits = logged(system).flatMap((line) => line.retryAfterMs ?? []);
    expect(waits.length).toBeGreaterThan(0);
    for (const waitMs of waits) expect(waitMs).toBeGreaterThanOrEqual(1 * SECOND);
    for (const waitMs of waits) expect(waitMs).toBeLessThanOrEqual(2 * SECOND);
    // Nothing is asked before the time has come, but what was in flight.
    expect(simulator.requests.total).toBeLessThan(60);
    expect(attempts(system)).toEqual([1]);
  });
});

interface Line {
  job?: string;
  attempt?: number;
  retryAfterMs?: number;
}

function logged(system: System): Line[] {
  return system.logLines().map((line) => JSON.parse(line) as Line);
}

/** Which tries the jobs of pages were in: a refusal for the rate is none. */
function attempts(system: System): number[] {
  const pages = logged(system).filter((line) => line.job === 'fetch-page');
  return [...new Set(pages.map((line) => line.attempt ?? 0))];
}
