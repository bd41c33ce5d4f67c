import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isTooFarAhead } from '../../scheduler/too-far-ahead.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const every5m = { id: 'plan.a', repeat: { every: 5 * MINUTE } };
const nightly = { id: 'plan.b', repeat: { pattern: '0 3 * * *', tz: 'Asia/Tbilisi' } };

describe('a next run', () => {
  beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T20:00:00Z') }));
  afterEach(() => void vi.useRealTimers());

  test('within its interval, or a little further, is where it should be', () => {
    for (const ahead of [0, 5 * MINUTE, 5.5 * MINUTE, -HOUR])
      expect(isTooFarAhead(every5m, Date.now() + ahead, new Map())).toBe(false);
    expect(isTooFarAhead(every5m, undefined, new Map())).toBe(false);
  });

  test('an hour ahead of a five minutes schedule was set by a wrong clock', () => {
    expect(isTooFarAhead(every5m, Date.now() + HOUR, new Map())).toBe(true);
  });

  test('of a cron line is the next occurrence in its zone', () => {
    const three = Date.parse('2026-11-21T23:00:00Z');
    expect(isTooFarAhead(nightly, three, new Map())).toBe(false);
    expect(isTooFarAhead(nightly, three + 24 * HOUR, new Map())).toBe(true);
  });

  test('is set right once per interval, so that a wrong clock of our own does little harm', () => {
    const setRight = new Map<string, number>();
    const wrong = () => isTooFarAhead(every5m, Date.now() + HOUR, setRight);
    expect([wrong(), wrong()]).toEqual([true, false]);
    vi.advanceTimersByTime(4 * MINUTE);
    expect(wrong()).toBe(false);
    vi.advanceTimersByTime(2 * MINUTE);
    expect(wrong()).toBe(true);
  });
});
