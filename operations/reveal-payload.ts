import { sql } from 'kysely';
import { writeAudit } from '../db/audit.ts';
import { transaction } from '../db/transaction.ts';
import type { By, OperationsContext } from './context.ts';

/** A record as it lies here, with whatever is personal in it. */
export interface RevealedRecord {
  scope: string;
  account: string;
  payload: unknown;
}

/**
 * The raw payloads of an external id, one for each scope it is known in. Who looked, and why, is in the audit log before
 * anything is shown.
 */
export async function revealPayload(
  { db }: Pick<OperationsContext, 'db'>,
  { source, entity, externalId }: { source: string; entity: string; externalId: string },
  { actor, reason = null }: By,
): Promise<RevealedRecord[]> {
  return transaction(db, async (trx) => {
    const { rows } = await sql<RevealedRecord>`
      select scope, account, payload from source_records
      where source = ${source} and entity = ${entity} and external_id = ${externalId} and payload is not null
      order by scope`.execute(trx);
    const target = `${source}/${entity}/${externalId}`;
    if (rows.length > 0) await writeAudit(trx, { actor, action: 'reveal', target, details: { reason } });
    return rows;
  });
}
