import { sql } from 'kysely';
import { fetchQueueName } from '../../../../jobs/fetch-queue.ts';
import { SYNC_QUEUE } from '../../../../jobs/plan-sync.ts';
import { APPLY_QUEUE } from '../../../../jobs/upsert-record.ts';
import { waitFor } from '../../wait-for.ts';
import type { FireWorld } from '../fire-world.ts';
import type { Disaster } from './disaster.ts';

const SECOND = 1000;
const FUTURE = '9999-of-the-next-version';

/** Jobs in the queue as older and newer versions of pmsync have left them there: a queue, a name, its data. */
async function foreignJobs({
  vendors,
  db,
}: FireWorld): Promise<{ queue: string; name: string; data: object; fails: boolean }[]> {
  const at = { source: 'rentprog', account: 'tbilisi', entity: 'bookings' };
  const { rows } = await sql<{ runId: string; page: string }>`
    select r.id as "runId", p.page from sync_log r join sync_pages p on p.run_id = r.id
    where r.source = ${at.source} and r.account = ${at.account} and r.entity = ${at.entity} and r.trigger = 'schedule'
    order by p.state = 'queued' desc, r.started_at desc limit 1`.execute(db);
  const page = { ...at, ...rows[0] };
  const { id } = vendors.rentprog.truth().bookings[0]!;
  const read = fetchQueueName(at.source, at.account, 'read');
  return [
    // Before plans knew of periods, hot sets and asking again; before pages were numbered by attempt.
    { queue: SYNC_QUEUE, name: 'plan-sync', data: { ...at, mode: 'incremental', trigger: 'schedule' }, fails: false },
    { queue: read, name: 'fetch-page', data: { ...page, mode: 'incremental' }, fails: false },
    { queue: APPLY_QUEUE, name: 'upsert-record', data: { ...at, externalId: `${id}`, version: 1 }, fails: false },
    // What nobody here knows.
    { queue: SYNC_QUEUE, name: 'plan-everything', data: { ...at }, fails: true },
    { queue: read, name: 'fetch-page', data: { ...page, mode: 'reversed' }, fails: true },
    { queue: APPLY_QUEUE, name: 'upsert-record', data: { record: `${id}` }, fails: true },
  ];
}

export const versionDisasters: Disaster[] = [
  {
    name: 'jobs of an older and of a newer version in the queues',
    family: 'versions',
    async strike(world) {
      for (const { queue, name, data, fails } of await foreignJobs(world)) {
        // So many attempts, because the vendors have a bad day meanwhile.
        const options = { attempts: 50, backoff: { type: 'growing' }, removeOnComplete: false };
        const job = await world.queues.queue(queue).add(name, data, options);
        const wanted = fails ? 'failed' : 'completed';
        await waitFor(async () => (await job.getState()) === wanted, {
          describe: `a foreign ${name} has ${wanted}`,
          timeoutMs: 90 * SECOND,
          intervalMs: 50,
        });
        await job.remove();
      }
    },
  },
  {
    name: 'a process started on a newer schema, while those of the old one go on',
    family: 'versions',
    async strike({ db, home, postgres }) {
      await sql`insert into kysely_migration (name, timestamp) values (${FUTURE}, now()::text)`.execute(db);
      try {
        const { code, stderr } = await home.run(['start', '--role', 'worker'], { DATABASE_URL: postgres.url });
        if (code !== 1 || !stderr.includes(FUTURE))
          throw new Error(`it was not refused (exit code ${code}):\n${stderr}`);
      } finally {
        await sql`delete from kysely_migration where name = ${FUTURE}`.execute(db);
      }
    },
  },
];
