import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings } from '../../settings/load-settings.ts';
import { loadSources } from '../../sources/load-sources.ts';

const sources = await loadSources();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pmsync-hotel-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(accounts: string) {
  writeFileSync(join(folder, 'pmsync.yaml'), `sources:\n  hotel:\n    accounts:\n      ${accounts}\n`);
  return loadSettings({ env: {}, cwd: folder, sources }).settings.sources[0]!;
}

test('the hotel needs a zone and a currency, and has hours for arrival and departure', () => {
  const { accounts } = load('house: { timezone: Europe/Moscow, currency: RUB }');
  expect(accounts).toMatchObject([
    { name: 'house', options: { checkIn: '14:00', checkOut: '12:00' }, credentials: {} },
  ]);
  const late = load('house: { timezone: Europe/Moscow, currency: RUB, checkIn: "15:30" }');
  expect(late.accounts[0]?.options.checkIn).toBe('15:30');
});

test('an hour that is none and a second hotel are mistakes that say what to write', () => {
  const wrong = (accounts: string) => () => load(accounts);
  expect(wrong('house: { timezone: Europe/Moscow, currency: RUB, checkOut: "25:00" }')).toThrow(
    /Write an hour, e.g. "12:00"/,
  );
  expect(wrong('annex: { timezone: Europe/Moscow, currency: RUB }')).toThrow(/There is one only; call it house/);
});
