import { sql } from 'kysely';
import { type AuditEntry, writeAudit } from '../audit.ts';
import type { Db } from '../connection.ts';
import { transaction } from '../transaction.ts';

/** How the resolution of a dismissed issue begins. */
export const DISMISSED = 'dismissed: ';

/**
 * Closes open issues because an operator says so; answers with those that were open. One of a record opens again when the
 * record comes with another payload, or with another problem; one of a listing when it happens again.
 */
export async function dismissIssues(
  db: Db,
  which: { ids: readonly string[] } | { cause: string; account?: string | undefined },
  reason: string,
  audit: AuditEntry,
): Promise<string[]> {
  const isMeant =
    'ids' in which
      ? sql`i.id = any(${[...which.ids]}::bigint[])`
      : sql`i.cause = ${which.cause} and (${which.account ?? null}::text is null or i.account = ${which.account ?? null})`;
  return transaction(db, async (trx) => {
    // Records come before issues in the order of locks: their hash is read, not locked.
    const { rows } = await sql<{ id: string }>`
      update sync_issues i set resolved_at = clock_timestamp(), resolution = ${DISMISSED + reason},
        dismissed_hash = (select s.payload_hash from source_records s where s.source = i.source and s.entity = i.entity
          and s.external_id = i.external_id and s.scope in ('*', i.account) limit 1)
      where ${isMeant} and i.resolved_at is null returning i.id`.execute(trx);
    const ids = rows.map((row) => row.id).sort((a, b) => Number(a) - Number(b));
    if (ids.length > 0) await writeAudit(trx, { ...audit, details: { ...audit.details, issues: ids } });
    return ids;
  });
}
