import { sql } from 'kysely';
import { describe, expect, type TestContext, test } from 'vitest';
import { databaseNow } from '../../db/now.ts';
import { backendNames, openWorld, type PmsyncWorld, type WorldOptions } from '../support/pmsync-world.ts';

const SECOND = 1000;
/** DESIGN: after a hard kill the next process takes the dead run over. */
const TAKEN_OVER_WITHIN_MS = 60 * SECOND;
const DONE_WITHIN_MS = 90 * SECOND;

/** Mostly waiting for the locks of dead processes to expire: so all at once. */
describe.concurrent.each(backendNames())('a process killed in the middle of a run, with the queue on %s', (backend) => {
  test('leaves a sync that the next one completes', async (context) => {
    const world = await open(context, { backend });
    const first = world.home.start(['sync', '--wait']);
    await world.untilInTheMiddle();
    const killedAt = await databaseNow(world.db);
    first.kill('SIGKILL');
    expect(await first.ended()).toMatchObject({ signal: 'SIGKILL' });

    await expectNextSyncCompletes(world, killedAt);
  });

  test('as a worker leaves its jobs to whoever comes next', async (context) => {
    const world = await open(context, { backend });
    const worker = world.home.start(['start', '--role', 'worker']);
    expect(await world.home.run(['sync'])).toMatchObject({ code: 0 });
    await world.untilInTheMiddle();
    const killedAt = await databaseNow(world.db);
    worker.kill('SIGKILL');
    await worker.ended();

    await expectNextSyncCompletes(world, killedAt);
  });
});

async function expectNextSyncCompletes(world: PmsyncWorld, killedAt: Date): Promise<void> {
  const dead = (await world.runs()).filter((run) => run.status === 'running').map((run) => run.id);
  expect(dead.length).toBeGreaterThan(0);
  const next = await world.home.run(['sync', '--wait']);
  expect(next.code, next.stdout + next.stderr).toBe(0);
  expect(next.ms).toBeLessThan(DONE_WITHIN_MS);
  await world.expectComplete();

  const { rows } = await sql<{ finished_at: Date }>`
    select finished_at from sync_log where id = any(${dead}::uuid[]) order by finished_at desc limit 1`.execute(
    world.db,
  );
  expect(Number(rows[0]?.finished_at) - killedAt.getTime()).toBeLessThan(TAKEN_OVER_WITHIN_MS);
}

async function open({ onTestFinished }: TestContext, options: WorldOptions): Promise<PmsyncWorld> {
  const world = await openWorld(options);
  onTestFinished(world.close);
  return world;
}
