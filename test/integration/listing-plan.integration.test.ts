import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { packPayload } from '../../db/packed-payload.ts';
import { closeRun } from '../../db/runs/close-run.ts';
import { landIds } from '../../db/runs/list-ids.ts';
import { readListingPlan } from '../../db/runs/listing-plan.ts';
import { forgetOldPages } from '../../db/runs/lost-work.ts';
import { openRun } from '../../db/runs/open-run.ts';
import { failPage, landPage } from '../../db/runs/pages.ts';
import { recordPage } from '../../db/runs/record-pages.ts';
import type { Account } from '../../sources/define-source.ts';
import { ACCOUNT, type LandingBench, openLandingBench } from '../support/landing.ts';

const TARGET = { source: 'rentprog', account: ACCOUNT, entity: 'bookings' };
const KEY = { source: 'rentprog', scope: '*', entity: 'bookings', account: ACCOUNT };
const account: Account = {
  source: 'rentprog',
  name: ACCOUNT,
  baseUrl: '',
  timezone: 'Asia/Tbilisi',
  currency: 'GEL',
  credentials: {},
  options: {},
};

let bench: LandingBench;
beforeAll(async () => {
  bench = await openLandingBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await sql`truncate sync_log, sync_pages, source_records`.execute(bench.db);
});

const planOf = (mode: 'incremental' | 'full' = 'incremental') =>
  readListingPlan(bench.db, { account, entity: 'bookings', mode });

/** A run of these pages that began so many days ago. */
async function open(pages: string[], daysAgo: number, period?: { from: string; to: string }): Promise<string> {
  const first = { pages, idsOnly: true };
  const { runId } = await openRun(bench.db, { ...TARGET, mode: 'incremental', trigger: 'schedule', period }, first);
  await sql`update sync_log set started_at = now() - make_interval(days => ${daysAgo}) where id = ${runId}::uuid`.execute(
    bench.db,
  );
  return runId;
}

const list = (runId: string, token: string, ids: string[], next: string[] = []) =>
  landIds(bench.db, { ...KEY, runId }, { token, attempt: 1, next, ids, requests: 1 });

async function read(runId: string, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const records = [{ externalId: id, ...packPayload({ id }), version: null }];
    const landing = { ...KEY, runId, fetchedAt: new Date(), records };
    await landPage(bench.db, landing, { token: recordPage(id), attempt: 1, next: [], ids: [id] });
  }
}

const fail = (runId: string, page: string) => failPage(bench.db, runId, page, 'no answer', []);

/** Closes a run whose landed records are taken for applied. */
async function close(runId: string): Promise<void> {
  await sql`update sync_log set inserted = inserted + pending, pending = 0 where id = ${runId}::uuid`.execute(bench.db);
  await closeRun(bench.db, runId, {});
  await sql`update sync_log set finished_at = started_at where id = ${runId}::uuid`.execute(bench.db);
}

async function localDay(daysAgo: number): Promise<string> {
  const { rows } = await sql<{ day: string }>`
    select to_char((now() - make_interval(days => ${daysAgo})) at time zone ${account.timezone}, 'YYYY-MM-DD') as day`.execute(
    bench.db,
  );
  return rows[0]!.day;
}

describe('the plan of a listing', () => {
  test('begins with nothing known', async () => {
    expect(await planOf()).toMatchObject({ since: null, resume: null, period: null, today: await localDay(0) });
  });

  test('knows the day on which the newest run began that read everything, but not one of a period', async () => {
    for (const [days, period] of [[9], [5], [2, { from: '2026-01-01', to: '2026-01-02' }]] as const) {
      const runId = await open(['all'], days, period);
      await list(runId, 'all', []);
      await close(runId);
    }
    expect(await planOf()).toMatchObject({ since: await localDay(5), resume: null });
  });

  test('names the pages that broken-off runs have read to the end, and the day the first of them began', async () => {
    const first = await open(['may', 'june', 'july'], 3);
    await list(first, 'may', ['1', '2']);
    await list(first, 'june', ['3']);
    await read(first, '1', '2');
    await fail(first, recordPage('3'));
    await fail(first, 'july');
    await close(first);
    expect(await planOf()).toMatchObject({
      since: null,
      resume: { pages: new Set(['may']), from: await localDay(3) },
    });
    expect(await planOf('full'), 'a full run reads everything itself').toMatchObject({ resume: null });

    const second = await open(['june', 'july'], 1);
    await list(second, 'june', ['3']);
    await read(second, '3');
    await fail(second, 'july');
    await close(second);
    expect((await planOf()).resume).toEqual({ pages: new Set(['may', 'june']), from: await localDay(3) });

    const third = await open(['july'], 0);
    await list(third, 'july', []);
    await close(third);
    expect(await planOf()).toMatchObject({ since: await localDay(0), resume: null });
  });

  test('takes a halved window for read only when both halves are, and theirs', async () => {
    const runId = await open(['may', 'june'], 1);
    await list(runId, 'may', [], ['may 1', 'may 2']);
    await list(runId, 'may 1', ['1']);
    await list(runId, 'may 2', [], ['may 2a', 'may 2b']);
    await list(runId, 'may 2a', []);
    await read(runId, '1');
    await fail(runId, 'may 2b');
    await list(runId, 'june', []);
    await close(runId);
    expect((await planOf()).resume?.pages).toEqual(new Set(['may 1', 'may 2a', 'june']));
  });

  test('adds records that were listed and never read to the next run', async () => {
    const runId = await open(['may'], 1);
    await list(runId, 'may', ['1', '2']);
    await read(runId, '1');
    await fail(runId, recordPage('2'));
    await close(runId);
    const next = await openRun(
      bench.db,
      { ...TARGET, mode: 'incremental', trigger: 'schedule' },
      { pages: ['may'], idsOnly: true },
    );
    expect(next).toMatchObject({ opened: true, records: ['2'] });
    const again = await list(next.runId, 'may', ['1', '2']);
    expect(again?.records, 'it is asked for once').toEqual(['1']);
  });

  test('keeps what may be gone on from for a month, and other pages for three days', async () => {
    const old = await open(['gone'], 9);
    await list(old, 'gone', []);
    await close(old);
    const broken = await open(['may', 'june'], 8);
    await list(broken, 'may', []);
    await fail(broken, 'june');
    await close(broken);
    await forgetOldPages(bench.db);
    const kept = async () =>
      (await sql<{ page: string }>`select page from sync_pages order by page`.execute(bench.db)).rows.map(
        ({ page }) => page,
      );
    expect(await kept()).toEqual(['june', 'may']);
    await sql`update sync_log set finished_at = now() - interval '31 days' where id = ${broken}::uuid`.execute(
      bench.db,
    );
    await forgetOldPages(bench.db);
    expect(await kept()).toEqual([]);
  });
});
