import { sql } from 'kysely';
import { SYNC_QUEUE } from '../../../../jobs/plan-sync.ts';
import { waitFor } from '../../wait-for.ts';
import { type FireWorld, WORKERS } from '../fire-world.ts';
import type { Disaster } from './disaster.ts';

const SECOND = 1000;

/** Waits until something is at work, so that whoever is killed now dies in the middle of it. */
async function untilBusy({ db }: FireWorld): Promise<void> {
  const open = async () =>
    (await sql`select 1 from sync_log where status = 'running' and pages_open > 0 limit 1`.execute(db)).rows.length > 0;
  await waitFor(open, { describe: 'a run is in the middle', timeoutMs: 60 * SECOND, intervalMs: 5 });
}

export const processDisasters: Disaster[] = [
  {
    name: 'a worker killed (kill -9)',
    family: 'processes',
    async strike(world) {
      const name = world.random.pick(WORKERS);
      await untilBusy(world);
      await world.fleet.kill(name);
      await world.fleet.start(name);
    },
  },
  {
    name: 'both workers killed at once',
    family: 'processes',
    async strike(world) {
      await untilBusy(world);
      await Promise.all(WORKERS.map((name) => world.fleet.kill(name)));
      await world.fleet.start(...WORKERS);
    },
  },
  {
    name: 'the scheduler killed',
    family: 'processes',
    async strike({ fleet }) {
      await fleet.kill('scheduler');
      await fleet.start('scheduler');
    },
  },
  {
    name: 'the console killed, and webhooks with it',
    family: 'processes',
    async strike({ fleet, vendors, random }) {
      await fleet.kill('console');
      const before = vendors.rentprog.webhooks.failed + vendors.litepms.webhooks.failed;
      await waitFor(
        () => {
          vendors.change(random);
          return vendors.rentprog.webhooks.failed + vendors.litepms.webhooks.failed > before;
        },
        { describe: 'a webhook finds nobody', timeoutMs: 30 * SECOND, intervalMs: 50 },
      );
      await fleet.start('console');
    },
  },
  {
    name: 'a worker frozen until its jobs were given to another',
    family: 'processes',
    isLong: true,
    async strike(world) {
      const { fleet, random, queues } = world;
      const name = random.pick(WORKERS);
      await untilBusy(world);
      const other = WORKERS.find((each) => each !== name) ?? name;
      fleet.freeze(name);
      try {
        const said = fleet.listen();
        // The other one goes on: it plans the runs that are due, and finishes what it is given.
        await waitFor(() => said().includes(`"pid":${fleet.pid(other)}`), {
          describe: 'the other worker works',
          timeoutMs: 60 * SECOND,
        });
        const stalled = async () => (await queues.queue(SYNC_QUEUE).getWorkersCount()) >= 1 && held.elapsed();
        const held = stopwatch(LONGER_THAN_LOCKS_MS);
        await waitFor(stalled, { describe: 'its locks have expired', timeoutMs: 2 * LONGER_THAN_LOCKS_MS });
      } finally {
        fleet.thaw(name);
      }
    },
  },
  {
    name: 'two schedulers at once',
    family: 'schedulers',
    async strike({ fleet, queues, vendors }) {
      fleet.add('scheduler2', 'scheduler');
      await fleet.start('scheduler2');
      const both = async () => {
        const schedulers = await queues.queue(SYNC_QUEUE).getJobSchedulers();
        const targets = schedulers.map(({ key }) => key.split('.').slice(1, 4).join(' '));
        const [there, wanted] = [targets.sort().join(), vendors.targets.toSorted().join()];
        if (there !== wanted) throw new Error(`there are ${there}`);
        return true;
      };
      await waitFor(both, { describe: 'every schedule is there once', timeoutMs: 60 * SECOND });
      await fleet.end('scheduler2');
      fleet.remove('scheduler2');
    },
  },
  {
    name: 'all processes restarted in order, one after the other',
    family: 'processes',
    isLong: true,
    async strike({ fleet }) {
      for (const name of fleet.members) {
        await fleet.end(name);
        await fleet.start(name);
      }
    },
  },
];

/** Workers hold their jobs for 20 s. */
const LONGER_THAN_LOCKS_MS = 25 * SECOND;

function stopwatch(ms: number) {
  const until = performance.now() + ms;
  return { elapsed: () => performance.now() >= until };
}
