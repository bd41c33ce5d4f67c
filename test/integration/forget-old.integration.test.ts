import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, type Db } from '../../db/connection.ts';
import { forgetAudit, forgetIssues, forgetRuns, mayForgetAudit } from '../../db/forget-old.ts';
import { forgetOld } from '../../jobs/forget-old.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { createTestDatabase } from '../support/database.ts';
import { startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;

async function open(): Promise<Db> {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const { db, close } = connect({ url: database.url, onError: () => {} });
  onTestFinished(close);
  return db;
}

interface RunInput {
  daysAgo: number;
  entity?: string;
  trigger?: string;
  status?: string;
  parked?: number;
  pending?: number;
  pages?: number;
}

/** A run of that age; a failed one has not read everything. */
async function addRun(
  db: Db,
  { daysAgo, entity = 'bookings', trigger = 'schedule', ...rest }: RunInput,
): Promise<string> {
  const { status = 'succeeded', parked = 0, pending = 0, pages = 0 } = rest;
  const { rows } = await sql<{ id: string }>`
    insert into sync_log (source, account, entity, mode, trigger, status, started_at, finished_at, parked, pending, pages_failed)
    values ('rentprog', 'tbilisi', ${entity}, 'incremental', ${trigger}, ${status}, now() - make_interval(days => ${daysAgo}),
      case when ${status} <> 'running' then now() - make_interval(days => ${daysAgo}) end, ${parked}, ${pending},
      case when ${status} = 'failed' then 1 else 0 end) returning id`.execute(db);
  const { id } = rows[0]!;
  if (pages > 0)
    await sql`insert into sync_pages (run_id, page) select ${id}::uuid, n::text from generate_series(1, ${pages}) n`.execute(
      db,
    );
  return id;
}

const left = async (db: Db, table: string) =>
  (await sql<{ id: string }>`select id::text as id from ${sql.table(table)}`.execute(db)).rows
    .map(({ id }) => id)
    .sort();

describe('forgetting runs', () => {
  test('keeps what the next run goes on from, and what still waits, however old it is', async () => {
    const db = await open();
    const kept = [
      await addRun(db, { daysAgo: 5, status: 'failed' }),
      // The last that has read everything: the two after it have not.
      await addRun(db, { daysAgo: 100 }),
      await addRun(db, { daysAgo: 200, status: 'partial', parked: 1 }),
      await addRun(db, { daysAgo: 200, status: 'partial', pending: 1 }),
      await addRun(db, { daysAgo: 201, status: 'running' }),
      await addRun(db, { daysAgo: 202, pages: 3 }),
      await addRun(db, { daysAgo: 29, trigger: 'webhook' }),
      // The only one of its entity, and the last of a list whose webhooks go on.
      await addRun(db, { daysAgo: 400, entity: 'cars', status: 'failed' }),
      await addRun(db, { daysAgo: 400, entity: 'clients', status: 'failed' }),
      await addRun(db, { daysAgo: 1, entity: 'clients', trigger: 'webhook' }),
    ];
    await addRun(db, { daysAgo: 50, status: 'failed' });
    await addRun(db, { daysAgo: 101 });
    await addRun(db, { daysAgo: 31, trigger: 'webhook' });
    await addRun(db, { daysAgo: 31, trigger: 'compare' });
    await addRun(db, { daysAgo: 401, entity: 'clients', trigger: 'requeue' });
    await addRun(db, { daysAgo: 401, entity: 'cars', status: 'failed' });
    expect(await forgetRuns(db, MONTH_MS)).toEqual({ forgotten: 6, more: false });
    expect(await left(db, 'sync_log')).toEqual(kept.sort());
    expect(await forgetRuns(db, MONTH_MS)).toEqual({ forgotten: 0, more: false });
  });

  test('goes in batches, the oldest first, and passes by what somebody has locked', async () => {
    const db = await open();
    await sql`insert into sync_log (source, account, entity, mode, trigger, status, started_at, finished_at)
      select 'rentprog', 'tbilisi', 'bookings', 'full', 'schedule', 'succeeded', at, at
      from (select now() - make_interval(days => 40, mins => n) as at from generate_series(1, 1200) n) t`.execute(db);
    await db.transaction().execute(async (trx) => {
      await sql`select from sync_log order by started_at limit 1 for update`.execute(trx);
      expect(await forgetRuns(db, MONTH_MS)).toEqual({ forgotten: 500, more: true });
      expect(await forgetRuns(db, MONTH_MS)).toEqual({ forgotten: 500, more: true });
      expect(await forgetRuns(db, MONTH_MS)).toEqual({ forgotten: 198, more: false });
    });
    expect(await left(db, 'sync_log')).toHaveLength(2);
    expect(await forgetRuns(db, MONTH_MS)).toEqual({ forgotten: 1, more: false });
  });
});

test('issues are forgotten when they are closed and old; a dismissal holds while its record is as it was', async () => {
  const db = await open();
  const issue = async (externalId: string, closedDaysAgo: number | null, dismissed: string | null = null) => {
    const { rows } = await sql<{ id: string }>`
      insert into sync_issues (opened_at, resolved_at, source, account, entity, external_id, kind, message, dismissed_hash)
      values (now() - interval '500 days', now() - make_interval(days => ${closedDaysAgo}::int), 'rentprog', 'tbilisi', 'bookings',
        ${externalId}, 'invalid_record', 'not valid', ${dismissed}) returning id::text as id`.execute(db);
    return rows[0]!.id;
  };
  await sql`insert into source_records (source, scope, entity, external_id, account, payload, payload_hash, fetched_at, state)
    values ('rentprog', '*', 'bookings', '4', 'tbilisi', '{}', 'as it was', now(), 'quarantined'),
      ('rentprog', '*', 'bookings', '5', 'tbilisi', '{}', 'changed', now(), 'quarantined')`.execute(db);
  const kept = [await issue('1', null), await issue('2', 29), await issue('4', 400, 'as it was')];
  await issue('3', 31);
  await issue('5', 400, 'as it was');
  expect(await forgetIssues(db, MONTH_MS)).toEqual({ forgotten: 2, more: false });
  expect(await left(db, 'sync_issues')).toEqual(kept.sort());
});

test('audit entries are forgotten when they are old and no receipt hangs on them', async () => {
  const db = await open();
  const entry = async (daysAgo: number) => {
    const { rows } = await sql<{ id: string }>`insert into audit_log (at, actor, action, target)
      values (now() - make_interval(days => ${daysAgo}), 'somebody', 'requeue', 'rentprog/bookings') returning id::text as id`.execute(
      db,
    );
    return rows[0]!.id;
  };
  await entry(40);
  const kept = [await entry(39), await entry(1)];
  await sql`insert into requeues (id, source, refetch, runs, unknown) values (${kept[0]}, 'rentprog', false, '{}', '{}')`.execute(
    db,
  );
  await db.transaction().execute(async (trx) => {
    const role = sql.id(`pmsync_test_${randomBytes(4).toString('hex')}`);
    await sql`create role ${role}`.execute(trx);
    await sql`grant select on audit_log to ${role}`.execute(trx);
    await sql`set local role ${role}`.execute(trx);
    expect(await mayForgetAudit(trx)).toBe(false);
    await sql`reset role`.execute(trx);
    await sql`drop owned by ${role}`.execute(trx);
    await sql`drop role ${role}`.execute(trx);
  });
  expect(await mayForgetAudit(db)).toBe(true);
  expect(await forgetAudit(db, MONTH_MS)).toEqual({ forgotten: 1, more: false });
  expect(await left(db, 'audit_log')).toEqual(kept.sort());
});

describe.each(queueBackends())('with the queue on $name', (backend) => {
  test('the job forgets what the settings do not keep, and the next sync is none the wiser', async () => {
    const simulator = await startRentprogSimulator({ seed: 6, bookings: 20, cars: 3, limits: null });
    onTestFinished(() => simulator.close());
    const system = await startSystem({ backend, simulator });
    onTestFinished(() => system.stop());
    const before = await system.sync();
    await sql`update sync_log set started_at = started_at - interval '100 days', finished_at = finished_at - interval '100 days'`.execute(
      system.db,
    );
    await system.sync();
    await sql`delete from sync_pages where run_id = any(${before.map(({ id }) => id)}::uuid[])`.execute(system.db);
    const run = async (hour: number) => {
      await system.context.enqueue(forgetOld, [{ hour }]);
      const job = await system.queues.queue('sync').getJob(`forget.${hour}`);
      await waitFor(async () => (await job?.getState()) === 'completed', { describe: 'the job has ended' });
    };
    await run(1);
    expect((await system.runs()).length).toBeGreaterThan(before.length);
    system.context.settings.retention = { runsMs: 90 * DAY_MS };
    await run(2);
    const ids = new Set((await system.runs()).map(({ id }) => id));
    expect(before.filter(({ id }) => ids.has(id))).toEqual([]);
    expect(system.logLines().join('\n')).toMatch(/"outcome":"forgot \d+ runs"/);
    const runs = await system.sync();
    expect(runs.map(({ status, inserted, updated }) => ({ status, written: inserted + updated }))).toEqual(
      runs.map(() => ({ status: 'succeeded', written: 0 })),
    );
  });
});
