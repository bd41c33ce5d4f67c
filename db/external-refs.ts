import { sql } from 'kysely';
import type { Db } from './connection.ts';
import { prepared } from './prepared.ts';
import type { RecordKey } from './record-key.ts';
import { textArray } from './text-array.ts';
import type { Trx } from './transaction.ts';

export interface ExternalRef {
  id: string;
  scope: string;
  account: string;
}

/** Written in the transaction that writes the row: there is no ref without its row. The rows of each entity are counted along. */
export async function writeExternalRefs(
  trx: Trx,
  { source, scope, entity }: { source: string; scope: string; entity: string },
  rows: readonly { id: string; account: string; external_id: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  // The old account of a ref that has moved is read as it was before this statement.
  await sql`
    ${prepared(rows.length)}with written as (
      insert into external_refs as e (source, scope, entity, external_id, account, entity_id)
      select ${source}, ${scope}, ${entity}, external_id, account, id
      from unnest(${textArray(rows.map(({ id }) => id))}::text[]::uuid[], ${textArray(rows.map(({ account }) => account))}::text[],
        ${textArray(rows.map(({ external_id }) => external_id))}::text[]) as r (id, account, external_id) order by external_id
      on conflict (source, scope, entity, external_id) do update set account = excluded.account
      where e.account <> excluded.account
      returning external_id, account, xmax <> 0 as moved
    )
    insert into row_changes (source, account, entity, change)
    select ${source}, account, ${entity}, sum(change) from (
      select account, 1 as change from written
      union all
      select e.account, -1 from written w join external_refs e on e.source = ${source} and e.entity = ${entity}
        and e.scope = ${scope} and e.external_id = w.external_id where w.moved
    ) changed group by account
  `.execute(trx);
}

/** Whether there was one. */
export async function deleteExternalRef(trx: Trx, { source, scope, entity, externalId }: RecordKey): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with deleted as (
      delete from external_refs
      where source = ${source} and scope = ${scope} and entity = ${entity} and external_id = ${externalId}
      returning source, account, entity
    )
    insert into row_changes (source, account, entity, change) select source, account, entity, -1 from deleted`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0) > 0;
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
