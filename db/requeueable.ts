import { sql } from 'kysely';
import type { Db } from './connection.ts';
import { stuckRecords } from './stuck-records.ts';

/** A landed record that may go back into the line. */
export interface Requeueable {
  source: string;
  scope: string;
  entity: string;
  external_id: string;
  account: string;
  state: string;
  /** A record that is (or was) looked for by id, without a payload of its own. */
  is_lookup: boolean;
  run_id: string | null;
  waits_for: string[] | null;
  last_error: string | null;
}

/** What becomes of a record: applied again, read again at the source, looked for again, or left as it is in the line. */
export type RequeueStep = 'apply' | 'refetch' | 'look up' | 'wait';

/** Of a row of `source_records` under the name `s`. */
export const requeueable = sql`s.source, s.scope, s.entity, s.external_id, s.account, s.state, s.run_id, s.waits_for, s.last_error,
  s.state in ('listed', 'gone') and s.trail is not null as is_lookup`;

export interface RecordFilter {
  source: string;
  entity?: string | undefined;
  account?: string | undefined;
}

/** The records with these external ids; where ids belong to an account there may be several for one id. */
export async function findRecords(
  db: Db,
  { source, entity, account }: RecordFilter & { entity: string },
  externalIds: readonly string[],
): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select ${requeueable} from source_records s
    where s.source = ${source} and s.entity = ${entity} and s.external_id = any(${externalIds}::text[])
      and (${account ?? null}::text is null or s.account = ${account ?? null})`.execute(db);
  return rows;
}

/** Everything that did not go through: parked, quarantined, or stored without its parent. */
export async function findFailed(db: Db, { source, entity, account }: RecordFilter): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select ${requeueable} from ${stuckRecords}
    where s.source = ${source} and (${entity ?? null}::text is null or s.entity = ${entity ?? null})
      and (${account ?? null}::text is null or s.account = ${account ?? null})
      and (s.state <> 'applied' or exists (
        select 1 from sync_issues i where i.resolved_at is null and i.kind = 'missing_parent' and i.source = s.source
          and i.entity = s.entity and i.external_id = s.external_id and s.scope in ('*', i.account)))
    order by s.entity, s.external_id`.execute(db);
  return rows;
}

/** The records of the open issues with one cause. */
export async function findOfCause(
  db: Db,
  cause: string,
  { account, issues }: { account?: string | undefined; issues?: readonly string[] | undefined } = {},
): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select distinct on (s.entity, s.external_id, s.scope) ${requeueable} from (
      select source, account, entity, external_id from sync_issues
      where cause = ${cause} and resolved_at is null and external_id is not null
        and (${account ?? null}::text is null or account = ${account ?? null})
        and (${issues ?? null}::bigint[] is null or id = any(${issues ?? null}::bigint[]))) i
    cross join lateral (select * from source_records s where s.source = i.source and s.entity = i.entity
      and s.external_id = i.external_id and s.scope in ('*', i.account) limit 1) s
    order by s.entity, s.external_id, s.scope`.execute(db);
  return rows;
}

export function stepOf(record: Requeueable, refetch: boolean): RequeueStep {
  if (record.is_lookup) return 'look up';
  // A tombstone: the source may have the record again, what is landed says nothing.
  if (record.state === 'gone') return 'refetch';
  if (record.state === 'listed') return 'wait';
  return refetch ? 'refetch' : 'apply';
}
