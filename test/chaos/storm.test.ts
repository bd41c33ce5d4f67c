import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createEnqueue } from '../../jobs/enqueue.ts';
import { planSync } from '../../jobs/plan-sync.ts';
import { found } from '../support/canaries.ts';
import { type FireWorld, openFireWorld } from '../support/fire/fire-world.ts';
import { STORM_CANARY, storm } from '../support/fire/storm.ts';
import { expectBalanced, expectNobodyForgotten } from '../support/invariants.ts';
import { expectHotelsMirrored } from '../support/litepms-truth.ts';
import { backendNames } from '../support/pmsync-world.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import type { Run } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const seed = Number(process.env.CHAOS_SEED ?? 1);
const isLong = Number(process.env.CHAOS_MINUTES ?? 0) > 0;
const STORM = isLong ? { perSecond: 1000, seconds: 30 } : { perSecond: 100, seconds: 5 };

describe.each(backendNames())('a storm of webhooks, with the queue on %s', (backend) => {
  test(
    `loses no event, takes no nonsense, and everybody is answered (CHAOS_SEED=${seed})`,
    {
      timeout: 600 * SECOND,
    },
    async ({ onTestFinished }) => {
      const world = await openFireWorld(backend, seed, { scheduled: false });
      onTestFinished(world.close);
      await readEverything(world);

      const report = await storm(world, STORM);
      process.stdout.write(`storm, queue on ${backend}: ${JSON.stringify(report)}\n`);
      // Nobody repeats an event that was not taken, and nothing is scheduled: what is here came by the events alone.
      if (!isLong) expect([report.failed, report.putOff]).toEqual([0, 0]);
      await settled(world);
      // More than this machine can take: what was not taken, and said so, is what the next schedule is for.
      if (report.failed > 0) await readEverything(world);
      await expectEqualToTruth(world.db, world.vendors.rentprog, { where: `source = 'rentprog'` });
      await expectHotelsMirrored(world.db, world.vendors.litepms);
      const runs = await runsOf(world);
      expectBalanced(runs);
      expect(runs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
      await expectNobodyForgotten(world.db);
      const counted = await (await fetch(`${world.consoleUrl}/metrics`)).text();
      // An event whose sender went away before it was answered may be counted or not.
      const read = report.sent - (report.answers['tooLarge 413'] ?? 0);
      expect(sumOf(counted)).toBeGreaterThanOrEqual(read - report.failed);
      expect(sumOf(counted)).toBeLessThanOrEqual(read);
      expect(found([STORM_CANARY], [...world.fleet.said().split('\n'), ...world.home.logs().split('\n')])).toEqual([]);
      expect(world.fleet.fallen()).toEqual([]);
    },
  );
});

const runsOf = async ({ db }: FireWorld) => (await sql<Run>`select * from sync_log`.execute(db)).rows;

async function readEverything(world: FireWorld): Promise<void> {
  const wanted = world.vendors.targets.map((target) => {
    const [source = '', account = '', entity = ''] = target.split(' ');
    return { source, account, entity, mode: 'incremental', trigger: 'manual' } as const;
  });
  const isRead = sql`select 1 from sync_log where trigger = 'manual' and status = 'succeeded'`;
  const read = async () => (await isRead.execute(world.db)).rows.length;
  const before = await read();
  await createEnqueue(world.queues)(planSync, wanted);
  await waitFor(async () => (await read()) === before + wanted.length, {
    describe: 'everything has been read once',
    timeoutMs: 120 * SECOND,
    intervalMs: 100,
  });
  await settled(world);
}

async function settled({ db }: FireWorld): Promise<void> {
  const busy = sql`select 1 from sync_log where status = 'running' union all
    select 1 from source_records where state in ('pending', 'parked', 'listed') limit 1`;
  await waitFor(async () => (await busy.execute(db)).rows.length === 0, {
    describe: 'nothing is left to do',
    timeoutMs: 180 * SECOND,
    intervalMs: 100,
  });
}

/** Of every `pmsync_webhooks_total`. */
function sumOf(metrics: string): number {
  return [...metrics.matchAll(/^pmsync_webhooks_total\{.*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
}
