import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepLogs } from '../../cli/keep-logs.ts';
import { closeLogger, createLogger, logFileOf } from '../../log/create-logger.ts';
import { forgetOldLogs } from '../../log/forget-old-logs.ts';

const DAY_MS = 86_400_000;
const now = new Date('2026-11-21T12:00:00Z');

function folderWith(files: Record<string, number>): string {
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, daysOld] of Object.entries(files)) {
    const at = new Date(now.getTime() - daysOld * DAY_MS);
    writeFileSync(join(folder, name), 'a line\n');
    utimesSync(join(folder, name), at, at);
  }
  return folder;
}

test('only files of ours in which nothing was written for so long are removed', () => {
  const folder = folderWith({
    'sync_20260901_120000.log': 31,
    'sync_20260901_120000_2.log': 31,
    'sync_20260101_120000.log': 29,
    'sync_20260901_120000.log.gz': 99,
    'sync_notes.log': 99,
    'postgres.log': 99,
  });
  mkdirSync(join(folder, 'sync_20200101_000000.log'));
  utimesSync(join(folder, 'sync_20200101_000000.log'), 0, 0);
  expect(forgetOldLogs(folder, undefined, 30 * DAY_MS, now)).toBe(2);
  expect(readdirSync(folder).sort()).toEqual([
    'postgres.log',
    'sync_20200101_000000.log',
    'sync_20260101_120000.log',
    'sync_20260901_120000.log.gz',
    'sync_notes.log',
  ]);
});

test('the file of a process that has been silent for weeks stays, and is fresh for the others', () => {
  const folder = folderWith({ 'sync_20260901_120000.log': 40 });
  const own = join(folder, 'sync_20260901_120000.log');
  expect(forgetOldLogs(folder, own, 30 * DAY_MS, now)).toBe(0);
  expect(statSync(own).mtimeMs).toBe(now.getTime());
  expect(forgetOldLogs(folder, undefined, 30 * DAY_MS, now)).toBe(0);
});

test('a folder that is not there is no fault', () => {
  expect(forgetOldLogs(join(tmpdir(), 'pmsync-no-such-folder'), undefined, DAY_MS)).toBe(0);
});

test('a process that starts removes what is old, unless everything is to be kept', () => {
  const folder = folderWith({ 'sync_20200101_120000.log': 2000 });
  const log = createLogger({ level: 'silent', dir: folder });
  onTestFinished(() => closeLogger(log));
  keepLogs(log, folder, undefined)();
  expect(readdirSync(folder)).toHaveLength(2);
  keepLogs(log, folder, 30 * DAY_MS)();
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([logFileOf(log)]);
});
