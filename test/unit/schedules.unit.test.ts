import { describe, expect, test } from 'vitest';
import { schedulersOf } from '../../scheduler/schedules.ts';
import type { Schedule, Settings } from '../../settings/settings.ts';
import type { SourceDefinition } from '../../sources/define-source.ts';

const sources = new Map([
  [
    'rentprog',
    {
      entities: [
        { name: 'clients', listing: {} },
        { name: 'bookings', listing: { hotSet: {} } },
      ],
    },
  ],
]) as unknown as Map<string, SourceDefinition>;

function settingsWith(schedule: Record<string, Schedule>, accounts = { tbilisi: 'Asia/Tbilisi' }): Settings {
  return {
    fanOut: { perRecordLimit: 2000 },
    deleteBrake: { percent: 5, rows: 20 },
    sources: [
      {
        name: 'rentprog',
        baseUrl: 'http://127.0.0.1',
        limits: {},
        schedule,
        accounts: Object.entries(accounts).map(([name, timezone]) => ({
          source: 'rentprog',
          name,
          timezone,
          baseUrl: 'http://127.0.0.1',
          currency: 'GEL',
          credentials: { companyToken: 'the-secret' },
          options: {},
        })),
      },
    ],
  };
}

const MINUTE = 60_000;

describe('the schedulers of the settings', () => {
  test('An interval becomes an incremental sync of that entity of every account', () => {
    const settings = settingsWith({ bookings: { everyMs: 5 * MINUTE } }, {
      tbilisi: 'Asia/Tbilisi',
      batumi: 'Asia/Tbilisi',
    } as never);
    const schedulers = schedulersOf(settings, sources);
    expect(schedulers.map(({ id, repeat }) => [id, repeat])).toEqual([
      ['plan.rentprog.tbilisi.bookings', { every: 300_000 }],
      ['plan.rentprog.batumi.bookings', { every: 300_000 }],
    ]);
    expect(schedulers[0]?.template).toMatchObject({
      name: 'plan-sync',
      data: { source: 'rentprog', account: 'tbilisi', entity: 'bookings', mode: 'incremental', trigger: 'schedule' },
      opts: { attempts: 6, removeOnComplete: { count: 1000 } },
    });
  });

  test('Full becomes a full sync of every entity, parents first', () => {
    const schedulers = schedulersOf(settingsWith({ full: { cron: '0 3 * * *' } }), sources);
    expect(schedulers.map(({ id, template }) => [id, template.data])).toEqual([
      ['plan.rentprog.tbilisi.clients.full', expect.objectContaining({ entity: 'clients', mode: 'full' })],
      ['plan.rentprog.tbilisi.bookings.full', expect.objectContaining({ entity: 'bookings', mode: 'full' })],
    ]);
  });

  test('The hot set becomes an incremental sync of the entities that have one', () => {
    const schedulers = schedulersOf(settingsWith({ hotSet: { everyMs: 15 * MINUTE } }), sources);
    expect(schedulers.map(({ id, template }) => [id, template.data])).toEqual([
      [
        'plan.rentprog.tbilisi.bookings.hot',
        expect.objectContaining({ entity: 'bookings', mode: 'incremental', hotSet: true }),
      ],
    ]);
  });

  test('A cron line runs in the zone of the account, or in its own', () => {
    const zones = (cron: Schedule) =>
      schedulersOf(
        settingsWith({ clients: cron }, { tbilisi: 'Asia/Tbilisi', moscow: 'Europe/Moscow' } as never),
        sources,
      ).map(({ repeat }) => repeat);
    expect(zones({ cron: '0 3 * * *' })).toEqual([
      { pattern: '0 3 * * *', tz: 'Asia/Tbilisi' },
      { pattern: '0 3 * * *', tz: 'Europe/Moscow' },
    ]);
    expect(zones({ cron: '0 3 * * *', timezone: 'Asia/Almaty' })).toEqual([
      { pattern: '0 3 * * *', tz: 'Asia/Almaty' },
      { pattern: '0 3 * * *', tz: 'Asia/Almaty' },
    ]);
  });

  test('What is off or unknown has none, and no secret is in any of them', () => {
    expect(schedulersOf(settingsWith({}), sources)).toEqual([]);
    expect(schedulersOf(settingsWith({ clients: { everyMs: MINUTE } }), new Map())).toEqual([]);
    const all = schedulersOf(settingsWith({ clients: { everyMs: MINUTE }, full: { cron: '0 3 * * *' } }), sources);
    expect(JSON.stringify(all)).not.toContain('the-secret');
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });
});
