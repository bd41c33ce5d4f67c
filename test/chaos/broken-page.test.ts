import { sql } from 'kysely';
import { describe, expect, type TestContext, test } from 'vitest';
import { backendNames, openWorld } from '../support/pmsync-world.ts';

interface Issue {
  account: string;
  entity: string;
  kind: string;
  message: string;
  resolved_at: Date | null;
}

describe.concurrent.each(backendNames())('a page that cannot be fetched, with the queue on %s', (backend) => {
  test('makes the sync fail, by name, until the vendor has healed', async (context: TestContext) => {
    const world = await openWorld({ backend });
    context.onTestFinished(world.close);
    const { home, simulator, db } = world;
    const issues = async () => (await sql<Issue>`select * from sync_issues where external_id is null`.execute(db)).rows;

    simulator.faults.failPage = { branch: 'batumi', path: '/all_bookings', page: 3 };
    const failed = await home.run(['sync', '--wait']);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/rentprog batumi bookings: page \S*3: .*500/);
    expect(failed.stdout).toMatch(/unavailable: page \S*3:/);
    const runs = await world.runs();
    expect(runs.filter((run) => run.status !== 'succeeded')).toMatchObject([
      { account: 'batumi', entity: 'bookings', status: 'partial', pages_failed: 1 },
    ]);
    expect(await issues()).toMatchObject([
      { account: 'batumi', entity: 'bookings', kind: 'unavailable', resolved_at: null },
    ]);

    simulator.faults.failPage = null;
    const healed = await home.run(['sync', '--wait']);
    expect(healed.code, healed.stdout + healed.stderr).toBe(0);
    expect(await issues()).toMatchObject([{ resolved_at: expect.any(Date) }]);
    await world.expectComplete();
  });
});
