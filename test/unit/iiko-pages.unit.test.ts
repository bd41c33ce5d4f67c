import { describe, expect, test } from 'vitest';
import type { ListingPlan } from '../../sources/define-source.ts';
import { Rejected, Unavailable } from '../../sources/errors.ts';
import { LinesSplit } from '../../sources/iiko/lines-split.ts';
import {
  departmentPages,
  firstSalesPages,
  insteadOf,
  pageOf,
  type SalesPage,
  tokenOf,
} from '../../sources/iiko/sales-pages.ts';

const plan = (over: Partial<ListingPlan>): ListingPlan =>
  ({ mode: 'incremental', today: '2026-10-05', since: null, resume: null, period: null, ...over }) as ListingPlan;

describe('the pages of a run', () => {
  test('begin with a month of shifts when only the news are wanted', () => {
    expect(firstSalesPages(plan({ since: '2026-10-04' }), null)).toEqual(['shifts/2026-09-05/2026-10-05/2026-10-04']);
    expect(firstSalesPages(plan({}), null)).toEqual(['shifts/2026-09-05/2026-10-05/never']);
  });

  test('are the days of the history, newest first, when everything is wanted', () => {
    expect(firstSalesPages(plan({ mode: 'full' }), '2026-10-03')).toEqual(['2026-10-05', '2026-10-04', '2026-10-03']);
    const year = firstSalesPages(plan({ mode: 'full' }), null);
    expect([year.length, year.at(-1)]).toEqual([366, '2025-10-05']);
  });

  test('leave out days that a run which broke off has read', () => {
    const resume = { pages: new Set(['2026-10-04']), from: '2026-10-05' };
    expect(firstSalesPages(plan({ mode: 'full', resume }), '2026-10-03')).toEqual(['2026-10-05', '2026-10-03']);
  });

  test('are the days of a period somebody asked for, none in the future', () => {
    const period = { from: '2026-10-04', to: '2026-10-09' };
    expect(firstSalesPages(plan({ mode: 'full', period }), null)).toEqual(['2026-10-05', '2026-10-04']);
  });
});

describe('a token', () => {
  test.each<[string, SalesPage]>([
    [
      'shifts/2026-09-05/2026-10-05/2026-10-04',
      { kind: 'shifts', from: '2026-09-05', to: '2026-10-05', since: '2026-10-04' },
    ],
    ['shifts/2026-09-05/2026-10-05/never', { kind: 'shifts', from: '2026-09-05', to: '2026-10-05', since: null }],
    ['2026-10-05', { kind: 'day', date: '2026-10-05', lean: false }],
    ['2026-10-05/lean', { kind: 'day', date: '2026-10-05', lean: true }],
    ['2026-10-05/all', { kind: 'departments', date: '2026-10-05', lean: false }],
    ['2026-10-05/all/lean', { kind: 'departments', date: '2026-10-05', lean: true }],
    ['2026-10-05/d1', { kind: 'day', date: '2026-10-05', lean: false, departmentId: 'd1' }],
    ['2026-10-05/d1/lean', { kind: 'day', date: '2026-10-05', lean: true, departmentId: 'd1' }],
  ])('%s says what to read, and is made of it', (token, page) => {
    expect(pageOf(token)).toEqual(page);
    expect(tokenOf(page)).toBe(token);
  });

  test.each(['', '1', 'shifts', 'shifts/x/y/z', '2026-10'])('that nobody made is refused: %j', (token) => {
    expect(() => pageOf(token)).toThrow(RangeError);
  });
});

describe('instead of a page that cannot be had', () => {
  const slow = new Unavailable('no answer');
  test('a day that takes too long is read department by department', () => {
    expect(insteadOf('2026-10-05', slow, true)).toEqual(['2026-10-05/all']);
    expect(insteadOf('2026-10-05/lean', slow, true)).toEqual(['2026-10-05/all/lean']);
    const page = pageOf('2026-10-05/all/lean');
    expect(page.kind === 'departments' && departmentPages(page, ['d1', 'd2'])).toEqual([
      '2026-10-05/d1/lean',
      '2026-10-05/d2/lean',
    ]);
  });

  test('a day whose lines are split is read with fewer fields, once', () => {
    const split = new LinesSplit('repeated');
    expect(insteadOf('2026-10-05', split, false)).toEqual(['2026-10-05/lean']);
    expect(insteadOf('2026-10-05/d1', split, false)).toEqual(['2026-10-05/d1/lean']);
    expect(insteadOf('2026-10-05/lean', split, false)).toBeUndefined();
  });

  test('nothing helps when the server is away, refuses, or one department takes too long', () => {
    expect(insteadOf('2026-10-05', slow, false)).toBeUndefined();
    expect(insteadOf('2026-10-05', new Rejected('409'), false)).toBeUndefined();
    expect(insteadOf('2026-10-05/d1', slow, true)).toBeUndefined();
    expect(insteadOf('2026-10-05/all', slow, true)).toBeUndefined();
    expect(insteadOf('shifts/2026-09-05/2026-10-05/never', slow, true)).toBeUndefined();
  });
});
