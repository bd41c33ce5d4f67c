import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Figure, isReached, medians } from '../bench/figure.ts';
import { BadUse, readOptions } from '../bench/options.ts';
import { fill } from '../bench/report/write-report.ts';
import { readResults, type ScenarioResult, saveResults } from '../bench/results.ts';
import { dearerStatements, type Spent } from '../bench/statements.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pmsync-bench-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (value: number, label = 'Redis'): Figure => ({
  name: 'full load, redis queue',
  value,
  unit: 'records/s',
  target: { least: 10_000 },
  note: 'with | in it',
  chart: { title: 'Rates', label },
});

const result = (...runs: Figure[][]): ScenarioResult => ({
  at: '2026-05-01T10:00:00.000Z',
  commit: 'abc1234',
  machine: { cpu: 'Some CPU', cores: 2, memoryGb: 8, node: '24.1.0', postgres: '18.0', redis: '7.0' },
  records: 50_000,
  runs: runs.length,
  seconds: 60,
  figures: medians(runs),
});

test('a figure of several runs is their median, with the note of the run it is from', () => {
  const [measured] = medians([5, 1, 3].map((value) => [{ ...load(value), note: `run of ${value}` }]));
  expect(measured).toMatchObject({ value: 3, note: 'run of 3', runs: [5, 1, 3] });
});

test('a target is a least, a most, or exactly so many', () => {
  expect(isReached({ value: 10, target: { least: 10 } })).toBe(true);
  expect(isReached({ value: 9, target: { least: 10 } })).toBe(false);
  expect(isReached({ value: 11, target: { most: 10 } })).toBe(false);
  expect(isReached({ value: 1, target: { exactly: 0 } })).toBe(false);
  expect(isReached({ value: 1, target: null })).toBeUndefined();
});

test('saved figures replace those of the same scenario and leave the others', () => {
  const file = join(folder, 'new', 'results.json');
  saveResults(file, { scenarios: { 'full-load': result([load(1)]), webhooks: result([load(2)]) } });
  saveResults(file, { scenarios: { 'full-load': result([load(3)]) } });
  const { scenarios } = readResults(file);
  expect(scenarios['full-load']?.figures[0]?.value).toBe(3);
  expect(scenarios.webhooks?.figures[0]?.value).toBe(2);
});

test('the report shows machine, target, median and range, and says plainly what was not reached', () => {
  const scenarios = { 'full-load': result([load(4000)], [load(5000)], [load(6000)]) };
  const text = fill('{{machines}}\n{{headlines}}\n{{scenarios}}\n{{other}}', { scenarios }, 'en');
  expect(text).toContain(
    'Some CPU, 2 cores, 8 GB of memory; Node.js 24.1.0, PostgreSQL 18.0, Redis 7.0; 50,000 bookings',
  );
  expect(text).toContain('| full load, redis queue, records/s | ≥ 10,000 | 5,000 | 4,000 – 6,000 | **no** |');
  expect(text).toContain('| 5,000 records/s | 4,000 – 6,000 | **no** | with \\| in it |');
  expect(text).toContain('{{other}}');
  expect(fill('{{headlines}}', { scenarios }, 'ru')).toContain('| 5\u00a0000 | 4\u00a0000 – 6\u00a0000 | **нет** |');
});

test('figures of one chart stand in it beside each other, and the axis begins at nought', () => {
  const scenarios = { 'full-load': result([load(4217), load(812, 'by "hand"')]) };
  const text = fill('{{charts}}', { scenarios }, 'en');
  expect(text).toContain('x-axis ["Redis", "by \'hand\'"]');
  expect(text).toContain('y-axis "records/s" 0 --> 4300');
  expect(text).toContain('bar [4217, 812]');
});

test('a statement is dearer when a row of it takes more than twice as much, not when it has more rows', () => {
  const spent = (blocks: number, rows: number): Spent =>
    new Map([
      ['grows', { text: 'select  grows', calls: rows, rows, ms: 0, blocks: blocks * 10 }],
      ['batches', { text: 'batches', calls: rows, rows: blocks, ms: 0, blocks: blocks * 100 }],
    ]);
  const looks = [spent(0, 0), spent(1000, 100), spent(5000, 200), spent(9000, 300)];
  expect(dearerStatements(looks, 'blocks')).toEqual(['100.000 → 400.000 blocks: `select grows`']);
  expect(dearerStatements(looks, 'ms')).toEqual([]);
});

test('arguments that make no sense are refused with what to write instead', () => {
  expect(() => readOptions(['--only', 'nothing'])).toThrow(BadUse);
  expect(() => readOptions(['--runs', 'few'])).toThrow('--runs is "few"; write a whole number of at least 1.');
  expect(() => readOptions(['--recrods', '5'])).toThrow(BadUse);
  expect(readOptions(['--only', 'sizes,compare'])).toMatchObject({ scenarios: ['sizes', 'compare'], save: false });
});
