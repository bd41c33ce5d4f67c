import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import { readDigestCounts } from '../db/digest-counts.ts';
import { addNotices } from '../db/notices.ts';
import { readHealth } from '../health/read-health.ts';
import { targetsOf } from '../health/targets-of.ts';
import type { DigestFacts } from '../notify/facts.ts';
import { channelsOf } from '../notify/send.ts';
import type { Language } from '../words/dictionary.ts';
import { byAccount, troubledEntities } from './account-facts.ts';
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts';
import { SYNC_QUEUE } from './plan-sync.ts';
import { sendDueNotices } from './send-notice.ts';

const payload = z.object({});
type SendDigest = z.infer<typeof payload>;

/** The clocks of two machines differ by less. */
const CLOCKS_APART_MS = 30_000;

export const sendDigest: JobDefinition<SendDigest> = defineJob({
  name: 'send-digest',
  description: 'Tells how every account stands and what has happened since the last digest.',
  queue: () => SYNC_QUEUE,
  payload,
  async handle(_, context) {
    const { notify } = context.settings;
    if (!notify?.digest) return 'no digest is wanted any more';
    const { due, since } = digestTimes(notify.digest, notify.timezone, new Date());
    const facts = await readDigestFacts(context, { since, language: notify.language });
    // Its hour makes it one digest, however many processes ask for it.
    await addNotices(context.db, [{ kind: 'digest', key: due.toISOString(), details: facts }], channelsOf(notify));
    const sent = await sendDueNotices(context);
    return `${sent} messages handed on`;
  },
});

/** When the present digest was due, and the one before it. */
export function digestTimes(cron: string, timezone: string, now: Date): { due: Date; since: Date } {
  const currentDate = new Date(now.getTime() + CLOCKS_APART_MS);
  const fires = CronExpressionParser.parse(cron, { tz: timezone, currentDate });
  return { due: fires.prev().toDate(), since: fires.prev().toDate() };
}

export async function readDigestFacts(
  { db, settings, sources }: Pick<JobContext, 'db' | 'settings' | 'sources'>,
  { since, language }: { since: Date; language: Language },
): Promise<DigestFacts> {
  const [{ at, entities }, counts] = await Promise.all([
    readHealth({ db, settings, sources }, targetsOf({ settings, sources })),
    readDigestCounts(db, since),
  ]);
  const accounts = byAccount(entities).map(({ source, account, light, entities: own }) => {
    const happened = counts.find((count) => count.source === source && count.account === account);
    const { succeeded = 0, partial = 0, failed = 0, healed = 0 } = happened ?? {};
    return {
      source,
      account,
      light,
      entities: troubledEntities(own, at, language),
      rows: own.reduce((sum, { rows }) => sum + rows, 0),
      runs: { succeeded, partial, failed },
      openIssues: own.reduce((sum, { open_issues: issues }) => sum + issues, 0),
      healed,
    };
  });
  return { at: at.toISOString(), since: since.toISOString(), accounts };
}
