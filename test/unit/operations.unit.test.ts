import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cursorOf, parseCursor, SORT } from '../../db/keyset.ts';
import type { PageCount } from '../../db/overview/read-run.ts';
import { type FetchRecord, fetchRecord } from '../../jobs/fetch-record.ts';
import { readRunLines } from '../../log/read-run-lines.ts';
import { cached } from '../../operations/cached.ts';
import { runFloor } from '../../operations/run-floor.ts';
import type { Settings } from '../../settings/settings.ts';
import type { SourceDefinition } from '../../sources/define-source.ts';

const RUN = '7d15fa81-2d54-4df9-9cb0-d6d86bf8ac2a';

describe('a cursor', () => {
  const sort = [SORT.time, SORT.uuid];
  test('carries its values, with microseconds', () => {
    const values = ['2026-11-21 20:01:48.110123+00', RUN];
    expect(parseCursor(cursorOf(values), sort)).toEqual(values);
    expect(parseCursor(cursorOf(['2026-11-21 20:01:48+05:30', RUN]), sort)).toHaveLength(2);
  });

  test.each([
    undefined,
    '',
    'nonsense',
    cursorOf([RUN]),
    cursorOf(['2026-11-21 20:01:48+00', "x' or 1=1"]),
    cursorOf(['now()', RUN]),
    Buffer.from('{"0":1}').toString('base64url'),
  ])('that somebody has made up is none: %s', (cursor) => {
    expect(parseCursor(cursor, sort)).toBeUndefined();
  });
});

describe('an answer that is kept for a while', () => {
  test('is asked for once by all who want it at a time', async () => {
    let asked = 0;
    const read = cached(async () => ++asked, { freshMs: 60_000, patienceMs: 1000 });
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
    expect(await read()).toBe(1);
  });

  test('is not waited for longer than anybody likes, and not asked for twice meanwhile', async () => {
    let asked = 0;
    let answer: (value: string) => void = () => {};
    const work = () => {
      asked += 1;
      return new Promise<string>((resolve) => {
        answer = resolve;
      });
    };
    const read = cached(work, { freshMs: 60_000, patienceMs: 10 });
    expect([await read(), await read(), asked]).toEqual([undefined, undefined, 1]);
    answer('here');
    expect(await read()).toBe('here');
  });

  test('may be given while it is asked for again, and an error does not stay', async () => {
    let asked = 0;
    const work = async () => {
      asked += 1;
      if (asked === 2) throw new Error('away');
      return asked;
    };
    const stale = cached(work, { freshMs: 0, staleMs: 60_000, patienceMs: 1000 });
    expect([await stale(), await stale()]).toEqual([1, 1]);
    asked = 1;
    const strict = cached(work, { freshMs: 0, patienceMs: 1000 });
    await expect(strict()).rejects.toThrow('away');
    expect(await strict()).toBe(3);
  });
});

describe('the time that a budget needs', () => {
  const limits = { read: { max: 120, perMs: 60_000 }, search: { max: 30, perMs: 60_000 } };
  const entity = { name: 'bookings', listing: { rateClass: 'read' }, one: { rateClass: 'search' } };
  const context = {
    settings: { sources: [{ name: 'rentprog', limits }] } as unknown as Settings,
    sources: new Map([['rentprog', { entities: [entity] } as unknown as SourceDefinition]]),
  };
  const run = {
    source: 'rentprog',
    entity: 'bookings',
    trigger: 'schedule',
    requests: 102,
    pages_done: 102,
    pages_failed: 0,
    started_at: new Date(0),
    finished_at: new Date(58_000),
    heartbeat_at: new Date(58_000),
  };
  const done = (kind: PageCount['kind'], pages: number): PageCount => ({ kind, state: 'done', pages, records: 0 });

  test('is that of its requests at the rate the vendor allows', () => {
    expect(runFloor(context, run, { counts: [done('list', 102)] })).toMatchObject({ needed_s: 51, took_s: 58 });
  });

  test('is the longest of several budgets, which run side by side', () => {
    const floor = runFloor(context, run, { counts: [done('list', 62), done('record', 40)] });
    expect(floor).toMatchObject({ needed_s: 80 });
    expect(floor?.parts).toMatchObject([
      { rate_class: 'read', requests: 62, needed_s: 31 },
      { rate_class: 'search', requests: 40, needed_s: 80 },
    ]);
  });

  test('is still known when the pages have been forgotten, and is none without requests', () => {
    expect(runFloor(context, run, { counts: [] })).toMatchObject({ needed_s: 51 });
    expect(runFloor(context, { ...run, trigger: 'requeue' }, { counts: [] })).toMatchObject({ needed_s: 204 });
    expect(runFloor(context, { ...run, requests: 0 }, { counts: [] })).toBeNull();
    expect(runFloor(context, { ...run, source: 'left' }, { counts: [] })).toBeNull();
  });
});

describe('the line to a vendor', () => {
  const job = { source: 's', account: 'a', entity: 'e', externalId: '1', rateClass: 'read', attempt: 1, runId: RUN };
  // BullMQ: none goes first, then the lower number.
  const placeOf = (more: Partial<FetchRecord>) => fetchRecord.options?.({ ...job, ...more }).priority ?? 0;

  test('lets webhooks and look-ups pass a large re-queue, and that the runs of the schedule', () => {
    const places = [{}, { bulk: true }, { mode: 'incremental' as const }, { mode: 'full' as const }].map(placeOf);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(new Set(places).size).toBe(4);
  });
});

describe('the log of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-lines-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const from = new Date(Date.now() - 60_000);
  const line = (ms: number, msg: string, runId = RUN) =>
    `${JSON.stringify({ level: 'info', time: new Date(from.getTime() + ms).toISOString(), runId, msg })}\n`;

  test('is read from the files of all processes, the newest lines of it, in order', async () => {
    const padding = line(5, 'x'.repeat(3000), 'another');
    appendFileSync(join(folder, 'sync_20261121_100000.log'), line(10, 'one') + padding.repeat(200) + line(30, 'three'));
    appendFileSync(
      join(folder, 'sync_20261121_100000_2.log'),
      `${line(20, 'two — два')}{ broken ${RUN}\n${line(40, 'four')}`,
    );
    appendFileSync(join(folder, 'notes.txt'), line(15, 'not ours'));
    const all = await readRunLines(folder, RUN, { from, to: null, most: 10 });
    expect(all).toMatchObject({ cut: false });
    expect(all?.lines.map(({ msg }) => msg)).toEqual(['one', 'two — два', 'three', 'four']);
    const newest = await readRunLines(folder, RUN, { from, to: null, most: 2 });
    expect(newest?.cut).toBe(true);
    expect(newest?.lines.map(({ msg }) => msg)).toEqual(['three', 'four']);
  });

  test('is none where there are no files', async () => {
    expect(await readRunLines(join(folder, 'elsewhere'), RUN, { from, to: null, most: 10 })).toBeUndefined();
    const later = new Date(Date.now() + 3_600_000);
    expect((await readRunLines(folder, RUN, { from: later, to: null, most: 10 }))?.lines).toEqual([]);
  });
});
