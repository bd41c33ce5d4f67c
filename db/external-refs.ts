import { sql } from 'kysely';
import type { Db } from './connection.ts';
import { jsonText } from './json.ts';
import type { Trx } from './transaction.ts';

export interface ExternalRef {
  id: string;
  scope: string;
  account: string;
}

/** Written in the transaction that writes the row: there is no ref without its row. */
export async function writeExternalRefs(
  trx: Trx,
  { source, scope, entity }: { source: string; scope: string; entity: string },
  rows: readonly { id: string; account: string; external_id: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  const refs = jsonText(rows.map(({ id, account, external_id }) => ({ id, account, external_id })));
  await sql`
    insert into external_refs as e (source, scope, entity, external_id, account, entity_id)
    select ${source}, ${scope}, ${entity}, external_id, account, id
    from json_to_recordset(${refs}::json) as r (id uuid, account text, external_id text) order by external_id
    on conflict (source, scope, entity, external_id) do update set account = excluded.account
    where e.account <> excluded.account
  `.execute(trx);
}

/**
 * The rows that an external id stands for, over all accounts of the source. The entity is always part of the question:
 * ids of different entities overlap. A ref whose row is gone is not an answer.
 */
export async function resolveByExternalRef(
  db: Db,
  source: string,
  entity: { name: string; table: string },
  externalId: string,
): Promise<ExternalRef[]> {
  const { rows } = await sql<ExternalRef>`
    select r.entity_id as id, r.scope, r.account from external_refs r join ${sql.table(entity.table)} t on t.id = r.entity_id
    where r.source = ${source} and r.entity = ${entity.name} and r.external_id = ${externalId} order by r.scope
  `.execute(db);
  return rows;
}
