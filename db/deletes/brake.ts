import { sql } from 'kysely';
import { openIssues } from '../issues.ts';
import type { Trx } from '../transaction.ts';

/** More deletes than `percent` of an account's live rows, and more than `rows` of them, wait for a person. */
export interface DeleteBrake {
  percent: number;
  rows: number;
}

export function exceeds({ percent, rows }: DeleteBrake, deletes: number, live: number): boolean {
  return deletes > rows && deletes > (live * percent) / 100;
}

/** The listing whose records are at stake. */
export interface DeleteTarget {
  source: string;
  account: string;
  entity: string;
  table: string;
}

export async function countLiveRows(trx: Trx, { source, account, table }: DeleteTarget): Promise<number> {
  const { rows } = await sql<{ live: number }>`
    select count(*)::int as live from ${sql.table(table)}
    where source = ${source} and account = ${account} and deleted_at is null`.execute(trx);
  return rows[0]!.live;
}

export interface Held {
  runId: string;
  /** How many records the source has not got, of how many live ones. */
  deletes: number;
  live: number;
  brake: DeleteBrake;
  sample: readonly string[];
}

/** Leaves the records as they are: the run cannot turn green, and an issue says what to run when the deletes are meant. */
export async function holdDeletes(trx: Trx, target: DeleteTarget, held: Held): Promise<void> {
  const { source, account, entity } = target;
  const { runId, deletes, live, brake, sample } = held;
  const percent = live > 0 ? Math.round((deletes / live) * 1000) / 10 : 100;
  const flags = `--source ${source} --account ${account}`;
  const message =
    `${deletes} of ${live} ${entity} are not at the source any more (${percent} %). That is more than the brake lets pass ` +
    `(${brake.percent} % and ${brake.rows} rows), so no further one is deleted here. If they are really gone, run: ` +
    `./pmsync compare ${entity} ${flags} --fix --confirm-deletes (or: ./pmsync sync ${flags} --entity ${entity} --full --confirm-deletes)`;
  const details = { deletes, live, percent, brake, sample };
  await openIssues(trx, [{ source, account, entity, externalId: null, kind: 'delete_brake', message, details, runId }]);
  const error = `the delete brake holds ${deletes} of ${live} ${entity} (${percent} %); see the open issue`;
  await sql`update sync_log set error = coalesce(error, ${error}) where id = ${runId}::uuid`.execute(trx);
}

/** A complete listing within the brake, or one whose deletes were confirmed, has answered the question. */
export async function releaseBrake(
  trx: Trx,
  { source, account, entity }: Omit<DeleteTarget, 'table'>,
  confirmed: boolean,
): Promise<void> {
  await sql`update sync_issues set resolved_at = clock_timestamp(),
      resolution = ${confirmed ? 'the deletes were confirmed' : 'within the brake again'}
    where resolved_at is null and kind = 'delete_brake' and external_id is null and source = ${source}
      and account = ${account} and entity = ${entity}`.execute(trx);
}
