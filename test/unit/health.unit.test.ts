import { describe, expect, test } from 'vitest';
import type { TargetStatus } from '../../db/status.ts';
import { judgeTarget, reasonText } from '../../health/judge-target.ts';
import { worstLight } from '../../health/worst-light.ts';

const AT = new Date('2026-11-21T12:00:00Z');

function statusOf({ run = 'succeeded', ...rest }: Partial<Omit<TargetStatus, 'last_run'>> & { run?: string }) {
  const none = {
    pending: 0,
    parked: 0,
    quarantined: 0,
    dismissed: 0,
    without_parent: 0,
    looked_for: 0,
    open_issues: 0,
  };
  const readAt = new Date(AT.getTime() - 3 * 60_000);
  const status = { source: 's', account: 'a', entity: 'e', last_read_at: readAt, rows: 5, ...none, ...rest };
  return { ...status, last_run: { status: run } } as TargetStatus;
}

describe('how an entity stands', () => {
  test.each([
    ['is green when it was read in time and everything went through', {}, 'ok', 'green', ['fresh']],
    ['is red when it is late, whatever else there is', { quarantined: 2 }, 'late', 'red', ['late', 'quarantined']],
    ['is red when its last run failed', { run: 'failed' }, 'ok', 'red', ['run_failed', 'fresh']],
    ['is amber when the last run is not complete', { run: 'partial' }, 'ok', 'amber', ['run_partial', 'fresh']],
    ['is amber with records that wait', { parked: 1 }, 'ok', 'amber', ['parked', 'fresh']],
    [
      'is green while a run goes on, whose records wait for later pages',
      { run: 'running', parked: 9 },
      'ok',
      'green',
      ['fresh'],
    ],
    ['is amber before the first reading', {}, 'never', 'amber', ['never_read']],
    [
      'is green when an operator has dismissed what is in quarantine',
      { quarantined: 2, dismissed: 2 },
      'ok',
      'green',
      ['fresh'],
    ],
    ['is grey when nothing says how old it may be', {}, 'unscheduled', 'grey', ['unscheduled']],
  ] as const)('%s', (_, given, freshness, light, codes) => {
    const verdict = judgeTarget(statusOf(given), freshness);
    expect(verdict.light).toBe(light);
    expect(verdict.reasons.map(({ code }) => code)).toEqual(codes);
  });

  test('is green when nothing is missing in its last run but what an operator has dismissed', () => {
    const run = { status: 'partial', error: null, parked: 0, quarantined: 2 };
    const status = { ...statusOf({ quarantined: 2, dismissed: 2 }), last_run: run } as TargetStatus;
    expect(judgeTarget(status, 'ok').light).toBe('green');
    expect(judgeTarget({ ...status, dismissed: 1 }, 'ok').light).toBe('amber');
  });

  test('is grey while it is paused, with what else there is after it', () => {
    const { light, reasons } = judgeTarget(statusOf({ run: 'failed' }), 'late', { paused: true });
    expect(light).toBe('grey');
    expect(reasons.map(({ code }) => code)).toEqual(['paused', 'late', 'run_failed']);
  });

  test('makes its account as bad as the worst, and grey only where nothing is expected of any', () => {
    expect(worstLight(['green', 'red', 'amber'])).toBe('red');
    expect(worstLight(['grey', 'green'])).toBe('green');
    expect(worstLight(['grey', 'grey'])).toBe('grey');
    expect(worstLight([])).toBe('grey');
  });

  test('is told in words of both languages', () => {
    const status = statusOf({ open_issues: 4 });
    const [issues, fresh] = judgeTarget(status, 'ok').reasons;
    expect(reasonText(issues, status, AT, 'en')).toBe('4 open issues');
    expect(reasonText(issues, status, AT, 'ru')).toBe('открытых проблем: 4');
    expect(reasonText(fresh!, status, AT, 'ru')).toBe('прочитано 3 мин назад');
  });
});
