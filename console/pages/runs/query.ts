import { z } from 'zod';
import { readDays } from '../../../db/day-starts.ts';
import type { JobContext } from '../../../jobs/define-job.ts';
import type { RunFilter } from '../../../operations/runs.ts';
import { day, given, limit, optionalText } from '../../page/fields.ts';
import { commonZone } from './common-zone.ts';

const MOST_A_PART = 200;

export const runsQuery = z.object({
  of: optionalText.describe('`source` or `source/account`: short for the two.'),
  source: optionalText,
  account: optionalText,
  entity: optionalText,
  status: given(z.enum(['running', 'succeeded', 'partial', 'failed', 'unwell'])).describe('unwell: partial or failed.'),
  trigger: given(z.enum(['schedule', 'manual', 'webhook', 'requeue', 'compare'])),
  mode: given(z.enum(['incremental', 'full'])),
  from: given(day).describe('First day, in the zone of the accounts when they have one in common, else in UTC.'),
  to: given(day).describe('Last day.'),
  cursor: optionalText.describe('`next` of the part before.'),
  limit: limit(MOST_A_PART),
});
export type RunsQuery = z.output<typeof runsQuery>;

/** What is asked for, with `of` taken apart. */
export function chosen({ of, source, account }: Pick<RunsQuery, 'of' | 'source' | 'account'>) {
  if (of === undefined) return { source, account };
  const [first, ...rest] = of.split('/');
  return { source: first, account: rest.join('/') || undefined };
}

/** The filter of the query. `zone`: what its days are days of. */
export async function filterOf(
  { db, settings }: Pick<JobContext, 'db' | 'settings'>,
  query: RunsQuery,
): Promise<{ filter: RunFilter; zone: string }> {
  const { entity, status, trigger, mode, from, to } = query;
  const { source, account } = chosen(query);
  const zone = commonZone(settings, source, account);
  const days = [from, to].filter((each) => each !== undefined);
  const bounds = days.length > 0 ? await readDays(db, days, zone) : [];
  const filter = {
    source,
    account,
    entity,
    status,
    trigger,
    mode,
    from: from ? bounds[0]?.begins : undefined,
    to: to ? bounds.at(-1)?.ends : undefined,
  };
  return { filter, zone };
}
