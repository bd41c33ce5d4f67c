import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '../../../db/connection.ts';
import { databaseNow } from '../../../db/now.ts';
import { found, peopleIn, wordsInPostgresQueue, wordsInRedis } from '../canaries.ts';
import { expectCatalogueMirrored, expectSalesMirrored } from '../iiko-truth.ts';
import { expectBalanced, expectNobodyForgotten } from '../invariants.ts';
import { expectHotelsMirrored } from '../litepms-truth.ts';
import { expectEqualToTruth } from '../rentprog-truth.ts';
import type { Run } from '../system.ts';
import { waitFor } from '../wait-for.ts';
import { expectedIssues } from './expected-issues.ts';
import type { FireWorld } from './fire-world.ts';
import { unfinishedJobs } from './queue-state.ts';
import { noTrouble } from './trouble-vendors.ts';

const SECOND = 1000;
/** Locks of the dead expire, emptied queues get their schedules back, full readings that met another one begin again. */
const WELL_AGAIN_WITHIN_MS = 180 * SECOND;

/**
 * Ends every disaster and waits until all is well; throws, saying what is not. Nobody repairs anything: the vendors are calm,
 * the network is good, the processes run, and the schedules fire as they always do. Answers how long it took, in ms.
 */
export async function expectAllWell(world: FireWorld): Promise<number> {
  const { vendors, networks, fleet, db } = world;
  const startedAt = performance.now();
  noTrouble(vendors);
  for (const network of Object.values(networks)) await network.heal();
  await fleet.start(...fleet.members);
  await vendors.rentprog.webhooksSettled();
  await vendors.litepms.webhooksSettled();
  const calmAt = await databaseNow(db);
  await waitFor(async () => (await redTargets(world, calmAt)).length === 0, {
    describe: 'every schedule has fired and every run is green',
    timeoutMs: WELL_AGAIN_WITHIN_MS,
    intervalMs: 200,
  }).catch(async (cause: unknown) => {
    const red = await redTargets(world, calmAt);
    throw new Error(`Not green again: ${red.join(', ')}; ${await lastRuns(db)}; ${fleet.fallen()}`, { cause });
  });
  await waitFor(async () => (await unfinished(db)) === '', {
    describe: 'no record is left to do',
    timeoutMs: WELL_AGAIN_WITHIN_MS,
    intervalMs: 200,
  }).catch(async (cause: unknown) => {
    throw new Error(`Left to do: ${await unfinished(db)}`, { cause });
  });
  await waitFor(async () => (await unfinishedJobs(world, calmAt)) === '', {
    describe: 'no job is left of before',
    timeoutMs: WELL_AGAIN_WITHIN_MS,
    intervalMs: 200,
  }).catch(async (cause: unknown) => {
    throw new Error(`Jobs are stuck: ${await unfinishedJobs(world, calmAt)}`, { cause });
  });
  const tookMs = performance.now() - startedAt;

  expect(fleet.fallen()).toEqual([]);
  await expectMirrored(world);
  await expectLedgersBalanced(db);
  await expectOnlyTheRightIssues(world);
  await expectNothingPersonal(world);
  await expectConsoleAnswers(world);
  return tookMs;
}

/** Targets without a green run that their schedule has begun since then. */
async function redTargets({ db, vendors }: FireWorld, since: Date): Promise<string[]> {
  const { rows } = await sql<{ target: string }>`
    select distinct concat_ws(' ', source, account, entity) as target from sync_log
    where status = 'succeeded' and trigger = 'schedule' and started_at > ${since}`.execute(db);
  const green = new Set(rows.map(({ target }) => target));
  return vendors.targets.filter((target) => !green.has(target));
}

/** What runs before now have left; a run that is going on may be at work on something. */
async function unfinished(db: Db): Promise<string> {
  const { rows } = await sql<{ what: string }>`
    select concat_ws(' ', source, entity, external_id, state, waits_for::text, last_error) as what from source_records
      where state in ('pending', 'parked', 'listed', 'quarantined')
    union all select concat_ws(' ', 'run of', trigger, source, account, entity, status) from sync_log
      where status = 'running' and trigger <> 'schedule' limit 20`.execute(db);
  return rows.map(({ what }) => what).join('; ');
}

async function lastRuns(db: Db): Promise<string> {
  const { rows } = await sql<{ what: string }>`
    select concat_ws(' ', source, account, entity, trigger, status, 'pages', pages_open, 'pending', pending, error) as what
    from sync_log order by started_at desc limit 12`.execute(db);
  return rows.map(({ what }) => what).join('; ');
}

async function expectMirrored({ db, vendors }: FireWorld): Promise<void> {
  await expectEqualToTruth(db, vendors.rentprog, { where: `source = 'rentprog'` });
  await expectHotelsMirrored(db, vendors.litepms);
  await expectCatalogueMirrored(db, vendors.iiko);
  await expectSalesMirrored(db, vendors.iiko);
  await expectNobodyForgotten(db);
}

async function expectLedgersBalanced(db: Db): Promise<void> {
  const { rows } = await sql<Run>`select * from sync_log where status <> 'running'`.execute(db);
  expectBalanced(rows);
}

async function expectOnlyTheRightIssues({ db, vendors }: FireWorld): Promise<void> {
  const { rows } = await sql<{ kind: string; what: string }>`
    select kind, concat_ws(' ', source, entity, external_id) as what from sync_issues
    where resolved_at is null`.execute(db);
  expect(rows.map(({ kind, what }) => `${kind}: ${what}`).sort()).toEqual(
    expectedIssues(vendors).map((what) => `missing_parent: ${what}`),
  );
}

async function expectNothingPersonal({ db, home, redis, postgres, vendors, fleet }: FireWorld): Promise<void> {
  const canaries = [...Object.values(vendors.env), ...(await peopleIn(db))];
  expect(canaries.length).toBeGreaterThan(50);
  const jobs = redis ? await wordsInRedis(redis.url, 'pmsync') : await wordsInPostgresQueue(postgres.url);
  const told = { jobs, logs: home.logs().split('\n'), said: fleet.said().split('\n'), ledger: await ledgerWords(db) };
  // Seen to be there, so that an empty answer does not pass for a clean one.
  expect(jobs.join('\n')).toContain('plan-sync');
  for (const [where, lines] of Object.entries(told)) expect(found(canaries, lines), where).toEqual([]);
}

async function ledgerWords(db: Db): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select l::text as word from sync_log l union all select i::text from sync_issues i
    union all select p::text from sync_pages p union all select concat_ws(' ', last_error, trail::text) from source_records`.execute(
    db,
  );
  return rows.map(({ word }) => word);
}

async function expectConsoleAnswers({ consoleUrl }: FireWorld): Promise<void> {
  for (const path of ['/', '/healthz', '/readyz', '/metrics']) {
    const response = await fetch(consoleUrl + path);
    await response.arrayBuffer();
    expect({ path, status: response.status }).toEqual({ path, status: 200 });
  }
}
