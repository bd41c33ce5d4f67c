import { describe, expect, test } from 'vitest';
import type { CauseKind, DayCause } from '../../db/report/read-causes.ts';
import type { Evidence } from '../../db/report/read-evidence.ts';
import type { Judged } from '../../reports/judge/judge.ts';
import { judgeCause } from '../../reports/judge/judge-cause.ts';
import { tellReport } from '../../reports/tell-report.ts';
import type { EntityDefinition } from '../../sources/define-source.ts';
import { LANGUAGES } from '../../words/dictionary.ts';
import { sampleCause, sampleReport } from '../support/sample-report.ts';

const AT = new Date('2026-11-21T10:00:00.123Z');
const OPEN = { healed: 0, waiting: 0, needs_look: 1, closed: 0 };
const RUN = { fetched: 10, applied: 7, unchanged: 2, quarantined: 1, pages_done: 4, pages_failed: 0 };

type Given = Omit<Partial<Judged>, 'cause' | 'evidence'> & { cause?: Partial<DayCause>; evidence?: Partial<Evidence> };

function judge(kind: CauseKind, { cause, evidence, ...rest }: Given = {}) {
  const judged: Judged = {
    source: 'rentprog',
    account: 'tbilisi',
    accounts: ['tbilisi', 'batumi'],
    neighbours: [],
    entity: { name: 'clients', scope: 'source', one: {} } as unknown as EntityDefinition,
    cause: {
      kind,
      entity: 'bookings',
      name: '',
      detail: '',
      problems: 1,
      now: OPEN,
      first_at: AT,
      last_at: AT,
      entities: ['bookings'],
      records: [],
      message: '',
      details: {},
      run_id: null,
      resolution: null,
      ...cause,
    },
    evidence: {
      parent: null,
      run: null,
      field: null,
      new_fields: [],
      read_before: null,
      read_after: null,
      waiters: 0,
      ...evidence,
    },
    ...rest,
  };
  const judgement = judgeCause(judged);
  const verdicts = Object.fromEntries(judgement.scenarios.map(({ code, verdict }) => [code, verdict]));
  const because = Object.fromEntries(judgement.scenarios.map(({ code, evidence: { code: how } }) => [code, how]));
  return { ...judgement, verdicts, because, commands: judgement.actions.map(({ command }) => command) };
}

const parent = (trail: unknown[]) => ({
  entity: 'clients',
  name: '7',
  records: [{ entity: 'bookings', external_id: '1' }],
  details: { parents: [{ entity: 'clients', external_id: '7', trail }] },
});
const step = (account: string, answer = 'absent', note = 'absent') => ({ account, at: AT.toISOString(), answer, note });

describe('a missing parent', () => {
  test('may be at an account that was not asked', () => {
    const { because, scenarios } = judge('gone_parent', { cause: parent([step('tbilisi')]) });
    expect(because.parent_elsewhere).toBe('not_asked');
    expect(scenarios.find(({ code }) => code === 'parent_elsewhere')?.evidence.names).toEqual(['batumi']);
  });

  test('cannot be elsewhere when its id belongs to one account', () => {
    const entity = { name: 'clients', scope: 'account' } as EntityDefinition;
    const { verdicts, commands } = judge('gone_parent', { cause: parent([step('tbilisi')]), entity });
    expect(verdicts.parent_elsewhere).toBe('ruled_out');
    expect(commands).not.toContain('./pmsync check --source rentprog');
  });

  test('that an operator keeps out was not asked for at all, and can be let in', () => {
    const cause = parent([step('tbilisi', 'absent', 'kept out by an operator')]);
    const { verdicts, commands } = judge('gone_parent', { cause });
    expect(verdicts).toEqual({ kept_out: 'applies' });
    expect(commands[0]).toBe('./pmsync delete clients 7 --source rentprog --let-in');
  });

  test('is put back with everything that failed, when there are more records than are named', () => {
    const { commands } = judge('gone_parent', { cause: { ...parent([step('tbilisi')]), problems: 40 } });
    expect(commands).toContain('./pmsync requeue --failed --source rentprog --account tbilisi');
  });
});

describe('an invalid value', () => {
  const cause = {
    name: 'total',
    detail: 'expected an amount (found object)',
    records: [{ entity: 'bookings', external_id: '1' }],
  };

  test('beside fields nobody has seen before is a sign of another format', () => {
    const { verdicts, because } = judge('invalid_field', { cause, evidence: { run: RUN, new_fields: ['total.sum'] } });
    expect(verdicts).toMatchObject({ single_value: 'applies', format_changed: 'possible' });
    expect(because.format_changed).toBe('new_fields');
  });

  test('of an account that was taken out of the settings is none of the value', () => {
    const { verdicts } = judge('invalid_field', { cause: { ...cause, name: '(account)' } });
    expect(verdicts).toEqual({ account_removed: 'applies' });
  });

  test('that the database refuses is told by its SQLSTATE', () => {
    const detail = 'violates bookings_price_check (found SQLSTATE 23514)';
    const { scenarios } = judge('invalid_field', { cause: { ...cause, detail } });
    expect(scenarios[0]).toMatchObject({ code: 'database_rule', evidence: { code: 'sql_state', names: ['23514'] } });
  });
});

describe('a vendor that gives no good answer', () => {
  const worked = [{ account: 'batumi', worked: 3, failed: 0 }];

  test('may be cut off by the network, but not by ours when another branch was read', () => {
    expect(judge('unavailable', { cause: { name: 'network' }, neighbours: worked }).verdicts).toMatchObject({
      vendor_down: 'possible',
      network: 'possible',
      our_network: 'ruled_out',
      token_revoked: 'ruled_out',
    });
    expect(judge('unavailable', { cause: { name: 'timeout' } }).verdicts.our_network).toBe('possible');
  });

  test('that answered something else was reached over the network', () => {
    const { verdicts, because } = judge('unavailable', { cause: { name: 'nonsense' } });
    expect(verdicts).toMatchObject({ vendor_nonsense: 'applies', network: 'ruled_out' });
    expect(because.network).toBe('vendor_answer_bad');
  });

  test('is tried again by itself while its schedule is patient', () => {
    const now = { ...OPEN, needs_look: 0, waiting: 1 };
    const { actions } = judge('unavailable', { cause: { name: 'network', now } });
    expect(actions.map(({ code }) => code)).toEqual(['check', 'wait_next_run']);
  });

  test('has taken the licence for somebody else', () => {
    expect(judge('session').verdicts).toMatchObject({ licence_taken: 'applies', token_revoked: 'ruled_out' });
  });
});

describe('a refusal', () => {
  test('with 403 is one of rights, and with 401 after good days one of a key that was revoked', () => {
    expect(judge('unauthorized', { cause: { details: { status: 403 } } }).verdicts.no_right).toBe('applies');
    const { verdicts } = judge('unauthorized', {
      cause: { details: { status: 401 } },
      evidence: { read_before: AT },
      neighbours: [{ account: 'batumi', worked: 0, failed: 2 }],
    });
    expect(verdicts).toMatchObject({
      token_revoked: 'applies',
      token_mistyped: 'ruled_out',
      vendor_sign_in_broken: 'possible',
    });
  });

  test('of a request that worked before is a sign of a changed interface', () => {
    const { scenarios } = judge('rejected', { cause: { details: { status: 422 } }, evidence: { read_before: AT } });
    expect(scenarios[0]).toMatchObject({ code: 'api_changed', evidence: { code: 'worked_before' } });
  });

  test('of a key at another branch keeps a look-up from its end', () => {
    const cause = {
      name: 'batumi',
      message: 'batumi: GET /get_token: not authorized (401)',
      now: { ...OPEN, waiting: 1 },
    };
    const { verdicts, actions } = judge('silent_look_up', { cause });
    expect(verdicts).toMatchObject({ silent_token: 'applies', vendor_down: 'ruled_out' });
    expect(actions.map(({ code }) => code)).toEqual(['new_token', 'check', 'wait_look_up']);
  });
});

describe('a run that no issue explains', () => {
  test('whose records wait for parents needs nobody', () => {
    const cause = { details: { parked: 3 }, now: { ...OPEN, needs_look: 0, waiting: 1 } };
    const { verdicts, commands } = judge('broken_run', { cause });
    expect(verdicts).toEqual({ parents_on_their_way: 'applies' });
    expect(commands).toEqual(['./pmsync status --source rentprog --account tbilisi']);
  });
});

test('what has healed needs nobody', () => {
  const now = { healed: 1, waiting: 0, needs_look: 0, closed: 0 };
  for (const kind of [
    'gone_parent',
    'invalid_field',
    'unauthorized',
    'rejected',
    'unavailable',
    'session',
    'silent_look_up',
    'delete_brake',
    'broken_run',
  ] as const) {
    expect(judge(kind, { cause: { now } }).actions, kind).toEqual([]);
  }
});

test('every cause is told in both languages, without a hole', () => {
  const kinds: [CauseKind, Given][] = [
    ['gone_parent', { cause: parent([step('tbilisi'), step('batumi')]), evidence: { run: RUN } }],
    ['gone_parent', { cause: parent([]), evidence: { parent: { state: 'applied', trail: null, applied_at: AT } } }],
    [
      'invalid_field',
      { cause: { name: 'total', detail: 'expected an amount (found object)' }, evidence: { run: RUN } },
    ],
    ['unauthorized', { neighbours: [{ account: 'batumi', worked: 1, failed: 0 }] }],
    ['rejected', {}],
    [
      'unavailable',
      {
        cause: { name: 'answered', details: { status: 500 } },
        evidence: { run: { ...RUN, pages_failed: 1 }, read_after: AT },
      },
    ],
    ['session', {}],
    ['silent_look_up', { cause: { name: 'batumi' }, evidence: { waiters: 2 } }],
    ['delete_brake', { cause: { details: { deletes: 30, live: 100, percent: 30, sample: ['5'] } } }],
    [
      'broken_run',
      { cause: { detail: 'the listing kept changing', details: { pages_failed: 1, quarantined: 2, parked: 0 } } },
    ],
  ];
  for (const language of LANGUAGES) {
    for (const [kind, given] of kinds) {
      const { scenarios, actions } = judge(kind, given);
      const cause = sampleCause({
        kind,
        entity: given.cause?.entity ?? 'bookings',
        name: given.cause?.name ?? '',
        scenarios,
        actions,
        waiters: 2,
      });
      const [told] = tellReport(sampleReport({ causes: [cause] }), language).causes;
      const texts = [
        told!.title,
        ...told!.scenarios.flatMap(({ text, how }) => [text, how]),
        ...told!.actions.map(({ text }) => text),
      ];
      expect(told!.scenarios.length, kind).toBeGreaterThan(0);
      for (const text of texts) {
        expect(text.length, kind).toBeGreaterThan(3);
        expect(text).not.toMatch(/undefined|null|NaN|\[object|\(\)|: \.|: ,/);
        if (language === 'ru') expect(text).toMatch(/[а-яё]|^SQLSTATE/i);
      }
    }
  }
});
