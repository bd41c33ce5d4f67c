import { z } from 'zod';
import { type Forget, forgetAudit, forgetIssues, forgetRuns, mayForgetAudit } from '../db/forget-old.ts';
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts';
import { SYNC_QUEUE } from './plan-sync.ts';

const payload = z.object({
  /** The hour since 1970; its jobs are one. */
  hour: z.number().int(),
});
type ForgetOld = z.infer<typeof payload>;

const HOUR_MS = 3_600_000;
/** The rest is forgotten in the next hour. */
const LONGEST_MS = 30_000;

export const forgetOld: JobDefinition<ForgetOld> = defineJob({
  name: 'forget-old',
  description: 'Forgets runs, closed issues and audit entries that are older than the settings keep them.',
  queue: () => SYNC_QUEUE,
  payload,
  options: ({ hour }) => ({ jobId: `forget.${hour}`, attempts: 1 }),
  async handle(_, { db, settings, log }) {
    const { runsMs, issuesMs, auditMs: wanted } = settings.retention ?? {};
    const auditMs = wanted !== undefined && (await mayForgetAudit(db)) ? wanted : undefined;
    if (auditMs !== wanted)
      log.warn('retention.audit: this database role may not delete from audit_log, so all of it is kept');
    const until = performance.now() + LONGEST_MS;
    const forgotten = {
      runs: await forgetAll(db, forgetRuns, runsMs, until),
      issues: await forgetAll(db, forgetIssues, issuesMs, until),
      'audit entries': await forgetAll(db, forgetAudit, auditMs, until),
    };
    const told = Object.entries(forgotten).filter(([, number]) => number > 0);
    return told.length > 0 ? `forgot ${told.map(([what, number]) => `${number} ${what}`).join(', ')}` : undefined;
  },
});

export const thisHour = (): ForgetOld => ({ hour: Math.floor(Date.now() / HOUR_MS) });

async function forgetAll(db: JobContext['db'], forget: Forget, olderThanMs: number | undefined, until: number) {
  let sum = 0;
  for (let more = olderThanMs !== undefined; more && performance.now() < until; ) {
    const batch = await forget(db, olderThanMs ?? 0);
    sum += batch.forgotten;
    more = batch.more;
  }
  return sum;
}
