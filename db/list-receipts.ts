import { sql } from 'kysely';
import type { Db } from './connection.ts';

/** What was put back into the line at one time. */
export interface ReceiptSummary {
  id: string;
  at: Date;
  actor: string;
  reason: string | null;
  source: string;
  entities: string[];
  records: number;
}

/** Newest first. */
export async function listReceipts(db: Db, limit: number): Promise<ReceiptSummary[]> {
  const { rows } = await sql<ReceiptSummary>`
    select q.id, a.at, a.actor, a.details ->> 'reason' as reason, q.source, r.entities, r.records
    from requeues q join audit_log a using (id) cross join lateral (
      select count(*)::int as records, coalesce(array_agg(distinct entity), '{}') as entities
      from requeue_records where requeue_id = q.id) r
    order by q.id desc limit ${limit}`.execute(db);
  return rows;
}
