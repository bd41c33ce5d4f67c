import { readListingPlan } from '../db/runs/listing-plan.ts';
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
  const plan = await readListingPlan(context.db, { account, entity, mode: 'full', period });
  const pages = listing.first(plan);
  const { runId } = await openRun(context.db, { ...target, mode: 'full', trigger: 'compare', period }, { pages });
  await context.enqueue(
    fetchPage,
    pages.map((page) => ({ source, account: name, entity, runId, page, mode: 'full' as const })),
  );
  return runId;
}
