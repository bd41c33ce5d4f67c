import { dismissIssues as dismiss } from '../db/issues/dismiss-issues.ts';
import { SORT } from '../db/keyset.ts';
import type { By, OperationsContext } from './context.ts';
import { UsageError } from './usage-error.ts';

export interface Dismissed {
  /** Of the issues that were open and are not any more. */
  ids: string[];
}

const LONGEST_REASON = 500;

/** Closes single issues with a reason; see `dismissGroup`. */
export function dismissIssues(
  { db }: Pick<OperationsContext, 'db'>,
  ids: readonly string[],
  by: By & { reason: string },
): Promise<Dismissed> {
  return close({ db }, { ids: ids.filter((id) => SORT.number.test(id)) }, by);
}

/**
 * Closes the open issues of one cause with a reason. An issue opens again when it happens again: to a record that comes with
 * another payload or problem, to a listing at any time. Throws `UsageError` without a reason.
 */
export function dismissGroup(
  { db }: Pick<OperationsContext, 'db'>,
  { cause, account }: { cause: string; account?: string | undefined },
  by: By & { reason: string },
): Promise<Dismissed> {
  return close({ db }, { cause, account }, by);
}

async function close(
  { db }: Pick<OperationsContext, 'db'>,
  which: Parameters<typeof dismiss>[1],
  { actor, reason }: By & { reason: string },
): Promise<Dismissed> {
  const why = reason.trim().slice(0, LONGEST_REASON);
  if (why === '') throw new UsageError('Say why: the reason stays with the issues and in the audit log.');
  const target = 'cause' in which ? `cause ${which.cause}` : 'issues';
  return { ids: await dismiss(db, which, why, { actor, action: 'dismiss', target, details: { reason: why } }) };
}
