import type { IssueFilter } from '../db/issues/issue-filter.ts';
import { type IssueGroup, listIssueGroups } from '../db/issues/issue-groups.ts';
import { type IssueRow, listIssues } from '../db/issues/list-issues.ts';
import type { Slice } from '../db/overview/list-runs.ts';
import type { OperationsContext } from './context.ts';
import { numbersOf } from './visible-numbers.ts';

export type { IssueFilter, IssueGroup, IssueRow, Slice };

/** An issue as a list shows it. */
export interface ListedIssue extends IssueRow {
  /** What staff knows the booking by. */
  number: string | null;
}

interface Part {
  cursor?: string | undefined;
  limit?: number | undefined;
}

const MOST_A_PART = 500;
const USUAL_A_PART = 50;

/** Issues by their causes, the cause of most of them first. */
export function readIssueGroups(
  { db }: Pick<OperationsContext, 'db'>,
  filter: IssueFilter = {},
  part: Part = {},
): Promise<Slice<IssueGroup>> {
  return listIssueGroups(db, filter, { ...part, limit: limitOf(part) });
}

/** Single issues, oldest first; with `cause` those of one group. */
export async function readIssues(
  context: Pick<OperationsContext, 'db' | 'sources'>,
  filter: IssueFilter & { cause?: string | undefined } = {},
  part: Part = {},
): Promise<Slice<ListedIssue>> {
  const { rows, next } = await listIssues(context.db, filter, { ...part, limit: limitOf(part) });
  const numbers = await numbersOf(context, rows);
  return { rows: rows.map((row, i) => ({ ...row, number: numbers[i] ?? null })), next };
}

function limitOf({ limit = USUAL_A_PART }: Part): number {
  return Math.min(Math.max(1, limit), MOST_A_PART);
}
