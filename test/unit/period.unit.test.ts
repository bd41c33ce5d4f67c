import { describe, expect, test } from 'vitest';
import { withPeriod } from '../../cli/read-period.ts';
import { UsageError } from '../../operations/usage-error.ts';
import type { Settings } from '../../settings/settings.ts';
import type { SourceDefinition } from '../../sources/define-source.ts';

const period = { by: 'the day of the last change', column: 'source_updated_at' };
const entities = [
  { name: 'clients', listing: {} },
  { name: 'bookings', listing: { period } },
];
const system = {
  sources: new Map([['litepms', { entities } as unknown as SourceDefinition]]),
  settings: {
    sources: [{ name: 'litepms', accounts: [{ name: 'main', timezone: 'Pacific/Kiritimati' }] }],
  } as unknown as Settings,
};
const bookings = { source: 'litepms', account: 'main', entity: 'bookings' };
const clients = { ...bookings, entity: 'clients' };

describe('a period', () => {
  test('goes with every target that can be asked for one', () => {
    expect(withPeriod([bookings], { from: '2026-01-01', to: '2026-01-31' }, system)).toEqual([
      { ...bookings, period: { from: '2026-01-01', to: '2026-01-31' } },
    ]);
    expect(withPeriod([bookings, clients], {}, system)).toEqual([bookings, clients]);
  });

  test('without an end ends today, by the clock of the account', () => {
    const [target] = withPeriod([bookings], { from: '2026-01-01' }, system);
    const there = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
    expect(target?.period).toEqual({ from: '2026-01-01', to: there });
  });

  test.each([
    [{ to: '2026-01-31' }, /--to needs --from/],
    [{ from: '2026-01-01', full: true }, /--full reads everything/],
    [{ from: '31.01.2026' }, /--from 31\.01\.2026: write a day/],
    [{ from: '2026-02-30' }, /--from 2026-02-30: write a day/],
    [{ from: '2026-01-02', to: '2026-13-01' }, /--to 2026-13-01: write a day/],
    [{ from: '2026-01-02', to: '2026-01-01' }, /later than/],
  ])('that is none is refused: %j', (options, message) => {
    expect(() => withPeriod([bookings], options, system)).toThrow(UsageError);
    expect(() => withPeriod([bookings], options, system)).toThrow(message);
  });

  test('is refused for what cannot be asked for one, with a hint at what can', () => {
    const ask = { from: '2026-01-01' };
    expect(() => withPeriod([clients, bookings], ask, system)).toThrow(
      '--from and --to: litepms clients cannot be asked for a period. Choose with --source and --entity: litepms bookings.',
    );
    expect(() => withPeriod([clients], ask, system)).toThrow(/Leave them out/);
  });
});
