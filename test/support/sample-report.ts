import type { Cause, Problem, Report } from '../../reports/report.ts';

const AT = '2026-11-21T10:00:00.123Z';
const NOW = { healed: 0, waiting: 0, needs_look: 1, closed: 0 };

export const sampleProblem = (over: Partial<Problem> = {}): Problem => ({
  key: 'issue 1',
  at: AT,
  is_new: true,
  entity: 'bookings',
  external_id: '450490',
  number: '17',
  kind: 'missing_parent',
  message: 'stored without clients/12345: not found at rentprog',
  counts: null,
  attempts: 1,
  run_id: null,
  now: { status: 'needs_look', at: null, resolution: null },
  ...over,
});

export const sampleCause = (over: Partial<Cause> = {}): Cause => ({
  kind: 'gone_parent',
  entity: 'clients',
  name: '12345',
  detail: '',
  problems: 1,
  now: NOW,
  first_at: AT,
  last_at: AT,
  entities: ['bookings'],
  records: [{ entity: 'bookings', external_id: '450490' }],
  message: 'stored without clients/12345: not found at rentprog',
  waiters: 0,
  scenarios: [],
  actions: [],
  ...over,
});

/** A report of one problem, for what is told of it. */
export const sampleReport = (over: Partial<Report> = {}): Report => ({
  source: 'rentprog',
  source_title: 'RentProg',
  account: 'tbilisi',
  date: '2026-11-21',
  zone: 'Asia/Tbilisi',
  from: '2026-11-20T20:00:00.000Z',
  to: '2026-11-21T20:00:00.000Z',
  generated_at: '2026-11-22T09:00:00.000Z',
  total: 1,
  now: NOW,
  reading: [],
  problems: [sampleProblem()],
  more_problems: 0,
  causes: [sampleCause()],
  more_causes: [],
  ...over,
});
