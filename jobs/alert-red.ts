import { z } from 'zod';
import { type AccountLight, lockAccountLights, readAccountLights, writeAccountLights } from '../db/account-lights.ts';
import { addNotices, type NewNotice } from '../db/notices.ts';
import { transaction } from '../db/transaction.ts';
import { readHealth } from '../health/read-health.ts';
import { targetsOf } from '../health/targets-of.ts';
import type { AlertAccount, AlertFacts } from '../notify/facts.ts';
import { channelsOf } from '../notify/send.ts';
import type { NotifySettings } from '../settings/settings.ts';
import { type AccountHealth, byAccount, troubledEntities } from './account-facts.ts';
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts';
import { SYNC_QUEUE } from './plan-sync.ts';
import { sendDueNotices } from './send-notice.ts';

const payload = z.object({});
type AlertRed = z.infer<typeof payload>;

export const alertRed: JobDefinition<AlertRed> = defineJob({
  name: 'alert-red',
  description: 'Tells once that an account has turned red, and once that it is so no more.',
  queue: () => SYNC_QUEUE,
  payload,
  // The next one comes in a minute.
  options: () => ({ attempts: 1 }),
  async handle(_, context) {
    const { notify } = context.settings;
    if (!notify) return undefined;
    const told = notify.alertAfterMs === undefined ? 0 : await tellChanges(context, notify, notify.alertAfterMs);
    const sent = await sendDueNotices(context);
    return told + sent > 0 ? `${told} alerts, ${sent} messages handed on` : undefined;
  },
});

/** One process at a time: lights and notices are written together, so each change is told once. */
async function tellChanges(
  { db, settings, sources }: JobContext,
  notify: NotifySettings,
  alertAfterMs: number,
): Promise<number> {
  return transaction(db, async (trx) => {
    if (!(await lockAccountLights(trx))) return 0;
    const known = await readAccountLights(trx);
    const { at, entities } = await readHealth({ db: trx, settings, sources }, targetsOf({ settings, sources }));
    const changes = byAccount(entities).map((account) => {
      const before = known.find((light) => light.source === account.source && light.account === account.account);
      return changeOf(account, before, { at, alertAfterMs });
    });
    await writeAccountLights(
      trx,
      changes.map(({ after }) => after),
    );
    const notices = (['red', 'recovered'] as const).flatMap((kind): NewNotice[] => {
      const told = changes.filter((change) => change.tell === kind);
      if (told.length === 0) return [];
      const accounts = told.map(({ health, redSince }) => factsOf(health, redSince, at, notify.language));
      const details: AlertFacts = { at: at.toISOString(), accounts };
      return [{ kind, key: at.toISOString(), details }];
    });
    await addNotices(trx, notices, channelsOf(notify));
    return notices.length;
  });
}

interface Change {
  health: AccountHealth;
  after: AccountLight;
  tell?: 'red' | 'recovered';
  redSince: Date;
}

function changeOf(
  health: AccountHealth,
  before: AccountLight | undefined,
  { at, alertAfterMs }: { at: Date; alertAfterMs: number },
): Change {
  const { source, account, light } = health;
  const since = before?.light === light ? before.since : at;
  const after = { source, account, light, since };
  const toldAt = before?.told_red_at ?? null;
  if (light !== 'red') {
    const tell = toldAt ? { tell: 'recovered' as const } : {};
    return { health, after: { ...after, told_red_at: null }, ...tell, redSince: before?.since ?? at };
  }
  const isDue = !toldAt && at.getTime() - since.getTime() >= alertAfterMs;
  if (!isDue) return { health, after: { ...after, told_red_at: toldAt }, redSince: since };
  return { health, after: { ...after, told_red_at: at }, tell: 'red', redSince: since };
}

function factsOf(
  { source, account, light, entities }: AccountHealth,
  redSince: Date,
  at: Date,
  language: NotifySettings['language'],
): AlertAccount {
  const troubled = troubledEntities(entities, at, language);
  return { source, account, light, redSince: redSince.toISOString(), entities: troubled };
}
