import { alertRed } from '../jobs/alert-red.ts';
import { jobOf } from '../jobs/enqueue.ts';
import { planSync } from '../jobs/plan-sync.ts';
import { sendDigest } from '../jobs/send-digest.ts';
import type { Schedule, Settings } from '../settings/settings.ts';
import type { Account, SourceDefinition } from '../sources/define-source.ts';

/** Schedulers whose id starts with this are ours to remove. */
export const ID_PREFIX = 'plan.';

/** One BullMQ job scheduler, as the settings want it. */
export interface WantedScheduler {
  id: string;
  repeat: { every: number } | { pattern: string; tz: string };
  template: ReturnType<typeof jobOf>;
}

/**
 * The schedulers of all accounts. Entities come in the source's order, parents first: on a fresh system all intervals fire
 * at once, in the order they were added.
 */
export function schedulersOf(
  settings: Settings,
  sources: ReadonlyMap<string, Pick<SourceDefinition, 'entities'>>,
): WantedScheduler[] {
  const runs = settings.sources.flatMap(({ name, schedule, accounts }) => {
    const listed = (sources.get(name)?.entities ?? []).filter(({ partOf }) => partOf === undefined);
    return listed.flatMap(({ name: entity, listing }) =>
      accounts.flatMap((account) => [
        ...schedulerOf(account, entity, 'incremental', schedule[entity]),
        ...schedulerOf(account, entity, 'full', schedule.full),
        ...(schedule.hotSet && listing.hotSet ? schedulerOf(account, entity, 'hot', schedule.hotSet) : []),
      ]),
    );
  });
  return [...runs, ...noticeSchedulers(settings.notify)];
}

/** Without alerts it still hands on what could not be sent. */
const LOOK_EVERY_MS = 60_000;

function noticeSchedulers(notify: Settings['notify']): WantedScheduler[] {
  if (!notify) return [];
  const { digest: pattern, timezone: tz } = notify;
  const look = { id: `${ID_PREFIX}notify.alert-red`, repeat: { every: LOOK_EVERY_MS }, template: jobOf(alertRed, {}) };
  if (pattern === undefined) return [look];
  return [look, { id: `${ID_PREFIX}notify.send-digest`, repeat: { pattern, tz }, template: jobOf(sendDigest, {}) }];
}

const KINDS = {
  incremental: { suffix: '', request: { mode: 'incremental' } },
  full: { suffix: '.full', request: { mode: 'full' } },
  hot: { suffix: '.hot', request: { mode: 'incremental', hotSet: true } },
} as const;

function schedulerOf(
  account: Account,
  entity: string,
  kind: keyof typeof KINDS,
  schedule: Schedule | undefined,
): WantedScheduler[] {
  if (!schedule) return [];
  const { source, name } = account;
  return [
    {
      id: `${ID_PREFIX}${source}.${name}.${entity}${KINDS[kind].suffix}`,
      repeat:
        'everyMs' in schedule
          ? { every: schedule.everyMs }
          : { pattern: schedule.cron, tz: schedule.timezone ?? account.timezone },
      template: jobOf(planSync, { source, account: name, entity, ...KINDS[kind].request, trigger: 'schedule' }),
    },
  ];
}
