import { openRun } from '../db/runs/open-run.ts';
import type { ListingPlan } from '../sources/define-source.ts';
import type { JobContext } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { fetchPage } from './fetch-page.ts';

/** Opens a run that compares what the vendor lists, wholly or for a period, with what is here. Several may go on at once. */
export async function openCompare(
  context: JobContext,
  target: { source: string; account: string; entity: string },
  period: ListingPlan['period'],
): Promise<string> {
  const { source, account: name, entity } = target;
  const { listing } = entityOf(context.sources, source, entity);
  const { account } = context.vendor(source, name);
  const pages = listing.first({
    account,
    mode: 'full',
    today: todayIn(account.timezone),
    since: null,
    resume: null,
    period,
  });
  const { runId } = await openRun(context.db, { ...target, mode: 'full', trigger: 'compare' }, pages);
  await context.enqueue(
    fetchPage,
    pages.map((page) => ({ source, account: name, entity, runId, page, mode: 'full' as const })),
  );
  return runId;
}

/** `YYYY-MM-DD` of this moment. */
function todayIn(timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date());
}
