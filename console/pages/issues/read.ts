import type { JobContext } from '../../../jobs/define-job.ts';
import {
  type IssueGroup,
  type ListedIssue,
  readIssueGroups,
  readIssues,
  type Slice,
} from '../../../operations/issues.ts';
import { filterOf, type IssuesQuery } from './query.ts';

/** A group with the source's own name. */
export type ShownGroup = IssueGroup & { source_title: string };

export interface IssuesPage extends Slice<ShownGroup> {
  /** What can be filtered by: the accounts and entities of the settings. */
  places: Place[];
}

export interface Place {
  source: string;
  /** The source's own name. */
  title: string;
  accounts: string[];
  entities: string[];
}

export interface CausePage {
  /** Of all issues of the cause, open and closed. */
  group: ShownGroup;
  /** Those that are open. */
  open: number;
  issues: Slice<ListedIssue>;
}

export async function readCauses(context: JobContext, query: IssuesQuery): Promise<IssuesPage> {
  const { rows, next } = await readIssueGroups(context, filterOf(query), { cursor: query.cursor });
  return { rows: rows.map((group) => titled(context, group)), next, places: placesOf(context) };
}

/** Undefined for a cause that no issue has. */
export async function readCause(
  context: JobContext,
  cause: string,
  query: IssuesQuery,
): Promise<CausePage | undefined> {
  const [all, open, issues] = await Promise.all([
    readIssueGroups(context, { cause, state: 'all' }, { limit: 1 }),
    readIssueGroups(context, { cause, state: 'open' }, { limit: 1 }),
    readIssues(context, { ...filterOf(query), cause }, { cursor: query.cursor }),
  ]);
  const [group] = all.rows;
  if (!group) return undefined;
  return { group: titled(context, open.rows[0] ?? group), open: open.rows[0]?.count ?? 0, issues };
}

function titled({ sources }: JobContext, group: IssueGroup): ShownGroup {
  return { ...group, source_title: sources.get(group.source)?.title ?? group.source };
}

export function placesOf({ settings, sources }: Pick<JobContext, 'settings' | 'sources'>): Place[] {
  const isHouse = ({ name }: { name: string }) => Number(sources.get(name)?.inHouse !== undefined);
  return settings.sources
    .toSorted((one, other) => isHouse(one) - isHouse(other))
    .map(({ name, accounts }) => ({
      source: name,
      title: sources.get(name)?.title ?? name,
      accounts: accounts.map((account) => account.name),
      entities: (sources.get(name)?.entities ?? []).map((entity) => entity.name),
    }));
}
