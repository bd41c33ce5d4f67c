import { z } from 'zod';
import type { IssueFilter } from '../../../operations/issues.ts';
import { optionalText } from '../../page/fields.ts';

export const KINDS = [
  'missing_parent',
  'invalid_record',
  'rejected',
  'unauthorized',
  'unavailable',
  'delete_brake',
] as const;
export const STATES = ['open', 'resolved', 'all'] as const;

/** A choice of a form, where an empty one means all. */
const choice = <T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess((value) => value || undefined, z.enum(values).optional());

export const issuesQuery = z.object({
  source: optionalText,
  account: optionalText,
  entity: optionalText,
  kind: choice(KINDS),
  state: choice(STATES),
  q: optionalText.describe('An external id, of a record or of the parent it lacks, or the number of a booking.'),
  cursor: optionalText.describe('`next` of the part before.'),
});
export type IssuesQuery = z.infer<typeof issuesQuery>;

export function filterOf({ q, cursor: _, ...filter }: IssuesQuery): IssueFilter {
  return { ...filter, text: q };
}

export const causeParams = z.object({ cause: z.string().regex(/^[0-9a-f]{32}$/) });
