import { z } from 'zod';
import { ISSUE_KINDS } from '../../../db/issues.ts';
import type { IssueFilter } from '../../../operations/issues.ts';
import { given, optionalText } from '../../page/fields.ts';

export const STATES = ['open', 'resolved', 'all'] as const;

export const issuesQuery = z.object({
  of: optionalText.describe('`source` or `source/account`: short for the two.'),
  source: optionalText,
  account: optionalText,
  entity: optionalText,
  kind: given(z.enum(ISSUE_KINDS)),
  state: given(z.enum(STATES)).describe('Default: open.'),
  q: optionalText.describe('An external id, of a record or of the parent it lacks, or the number of a booking.'),
  cursor: optionalText.describe('`next` of the part before.'),
});
export type IssuesQuery = z.infer<typeof issuesQuery>;

/** What is asked for, with `of` taken apart. */
export function filterOf({ q, cursor: _, of, source, account, ...rest }: IssuesQuery): IssueFilter {
  const [first, ...name] = of?.split('/') ?? [];
  const place = of === undefined ? { source, account } : { source: first, account: name.join('/') || undefined };
  return { ...place, ...rest, text: q };
}

/** Whether somebody has narrowed the list. */
export function isFiltered({ cursor, ...query }: IssuesQuery): boolean {
  const { state = 'open', ...rest } = filterOf(query);
  return cursor !== undefined || state !== 'open' || Object.values(rest).some((value) => value !== undefined);
}

export const causeParams = z.object({ cause: z.string().regex(/^[0-9a-f]{32}$/) });
