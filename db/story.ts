import { sql } from 'kysely';
import type { EntityDefinition } from '../sources/define-source.ts';
import type { Db } from './connection.ts';
import { resolveByExternalRef } from './external-refs.ts';
import type { TrailStep } from './lookups.ts';
import { parseWaitName, waitName } from './record-key.ts';

/** The landing of a record, as it is now. */
export interface StoryRecord {
  scope: string;
  account: string;
  state: string;
  version: number;
  source_version: string | null;
  payload: unknown;
  is_partial: boolean;
  fetched_at: Date;
  applied_at: Date | null;
  deleted_at: Date | null;
  due_at: Date | null;
  attempts: number;
  last_error: string | null;
  waits_for: string[] | null;
  trail: TrailStep[] | null;
  run_id: string | null;
  replaced_run_id: string | null;
}

export interface StoryParent {
  entity: string;
  external_id: string;
  /** `unknown`: nothing has been landed for it, not even a look-up. */
  state: string;
  last_error: string | null;
  due_at: Date | null;
  trail: TrailStep[] | null;
}

export interface StoryIssue {
  kind: string;
  message: string;
  opened_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  attempts: number;
  run_id: string | null;
}

export interface StoryRun {
  id: string;
  account: string;
  mode: string;
  trigger: string;
  status: string;
  started_at: Date;
  finished_at: Date | null;
  error: string | null;
}

export interface RecordStory {
  record: StoryRecord;
  /** Id and columns of its row, when it has one. */
  row: Record<string, unknown> | null;
  issues: StoryIssue[];
  runs: StoryRun[];
  parents: StoryParent[];
  waiting: { count: number; first: { entity: string; external_id: string; state: string }[] };
}

const MOST_ISSUES = 30;
const MOST_WAITERS = 10;

/** Everything that is known of one external id: one story for each scope it is known in. */
export async function readStories(
  db: Db,
  source: string,
  entity: EntityDefinition,
  externalId: string,
  account?: string,
): Promise<RecordStory[]> {
  const { rows: records } = await sql<StoryRecord>`
    select scope, account, state, version, source_version, payload, is_partial, fetched_at, applied_at, deleted_at, due_at,
      attempts, last_error, waits_for, trail, run_id, replaced_run_id
    from source_records where source = ${source} and entity = ${entity.name} and external_id = ${externalId}
      and (${account ?? null}::text is null or account = ${account ?? null}) order by scope`.execute(db);
  const refs = await resolveByExternalRef(db, source, entity, externalId);
  return Promise.all(
    records.map(async (record) => {
      const ref = refs.find((known) => known.scope === record.scope);
      const issues = await readIssues(db, source, entity.name, externalId, record.scope);
      const runIds = [record.run_id, record.replaced_run_id, ...issues.map((issue) => issue.run_id)];
      return {
        record,
        row: ref ? await readRow(db, entity.table, ref.id) : null,
        issues,
        runs: await readRuns(
          db,
          runIds.filter((id) => id !== null),
        ),
        parents: await readParents(db, source, record),
        waiting: await readWaiting(db, source, record, waitName({ entity: entity.name, externalId })),
      };
    }),
  );
}

async function readRow(db: Db, table: string, id: string): Promise<Record<string, unknown> | null> {
  const { rows } = await sql<{ row: Record<string, unknown> }>`
    select to_jsonb(t) - 'additional_info' as row from ${sql.table(table)} t where id = ${id}::uuid`.execute(db);
  return rows[0]?.row ?? null;
}

async function readIssues(db: Db, source: string, entity: string, id: string, scope: string): Promise<StoryIssue[]> {
  const { rows } = await sql<StoryIssue>`
    select kind, message, opened_at, resolved_at, resolution, attempts, run_id from sync_issues
    where source = ${source} and entity = ${entity} and external_id = ${id} and ${scope} in ('*', account)
    order by opened_at desc limit ${MOST_ISSUES}`.execute(db);
  return rows;
}

async function readRuns(db: Db, ids: readonly string[]): Promise<StoryRun[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<StoryRun>`
    select id, account, mode, trigger, status, started_at, finished_at, error from sync_log
    where id = any(${ids}::uuid[]) order by started_at desc`.execute(db);
  return rows;
}

async function readParents(db: Db, source: string, { waits_for: waits, account }: StoryRecord): Promise<StoryParent[]> {
  const parents: StoryParent[] = [];
  for (const name of waits ?? []) {
    const { entity, externalId } = parseWaitName(name);
    const { rows } = await sql<StoryParent>`
      select entity, external_id, state, last_error, due_at, trail from source_records
      where source = ${source} and entity = ${entity} and external_id = ${externalId} and scope in ('*', ${account})`.execute(
      db,
    );
    const unknown = { entity, external_id: externalId, state: 'unknown', last_error: null, due_at: null, trail: null };
    parents.push(rows[0] ?? unknown);
  }
  return parents;
}

async function readWaiting(
  db: Db,
  source: string,
  { scope }: StoryRecord,
  name: string,
): Promise<RecordStory['waiting']> {
  const { rows } = await sql<{ entity: string; external_id: string; state: string; count: number }>`
    select entity, external_id, state, count(*) over ()::int as count from source_records
    where waits_for is not null and waits_for @> array[${name}] and source = ${source} and ${scope} in ('*', account)
    order by entity, external_id limit ${MOST_WAITERS}`.execute(db);
  return { count: rows[0]?.count ?? 0, first: rows.map(({ count: _, ...waiter }) => waiter) };
}
