import { type Selectable, sql } from 'kysely';
import type { Db } from '../connection.ts';
import { cursorOf, parseCursor, SORT } from '../keyset.ts';
import type { RunMode, RunStatus, RunTrigger } from '../runs/open-run.ts';
import type { SyncLog } from '../types.ts';

export type RunRow = Selectable<SyncLog>;

export interface RunFilter {
  source?: string | undefined;
  account?: string | undefined;
  entity?: string | undefined;
  /** `unwell`: partial or failed. */
  status?: RunStatus | 'unwell' | undefined;
  trigger?: RunTrigger | undefined;
  mode?: RunMode | undefined;
  /** Runs that began at this moment or later. */
  from?: Date | undefined;
  /** Runs that began before this moment. */
  to?: Date | undefined;
}

/** A part of a list. */
export interface Slice<T> {
  rows: T[];
  /** For the next part; null when this was the last. */
  next: string | null;
}

/** Newest first. */
export async function listRuns(
  db: Db,
  filter: RunFilter,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Slice<RunRow>> {
  const after = parseCursor(cursor, [SORT.time, SORT.uuid]);
  const { rows } = await sql<RunRow & { sort: string }>`
    select *, started_at::text as sort from sync_log
    where ${isAsked(filter)} and ${after ? sql`(started_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by started_at desc, id desc limit ${limit + 1}`.execute(db);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ sort: _, ...row }) => row),
    next: rows.length > limit && last ? cursorOf([last.sort, last.id]) : null,
  };
}

/** Written out for each question, so that the planner sees which index fits. */
function isAsked({ source, account, entity, status, trigger, mode, from, to }: RunFilter) {
  const parts = [
    source && sql`source = ${source}`,
    account && sql`account = ${account}`,
    entity && sql`entity = ${entity}`,
    status && (status === 'unwell' ? sql`status in ('partial', 'failed')` : sql`status = ${sql.lit(status)}`),
    trigger && sql`trigger = ${trigger}`,
    mode && sql`mode = ${mode}`,
    from && sql`started_at >= ${from}`,
    to && sql`started_at < ${to}`,
  ].filter((part) => typeof part === 'object');
  return parts.length > 0 ? sql.join(parts, sql` and `) : sql`true`;
}
