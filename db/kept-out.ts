import { sql } from 'kysely';
import { writeAudit } from './audit.ts';
import type { Db } from './connection.ts';
import type { RecordKey } from './record-key.ts';
import { type Trx, transaction } from './transaction.ts';

/** A record that an operator has deleted and that no sync may bring back. */
export interface KeptOut {
  scope: string;
  external_id: string;
  at: Date;
  actor: string;
}

interface Asked {
  source: string;
  entity: string;
  account?: string | undefined;
}

const isAsked = ({ source, entity, account }: Asked) => sql`source = ${source} and entity = ${entity}
  and (${account ?? null}::text is null or scope in ('*', ${account ?? null}))`;

export async function readKeptOut(db: Db, asked: Asked, externalIds: readonly string[]): Promise<KeptOut[]> {
  const { rows } = await sql<KeptOut>`
    select scope, external_id, at, actor from kept_out
    where ${isAsked(asked)} and external_id = any(${externalIds}::text[]) order by external_id, scope`.execute(db);
  return rows;
}

export async function countKeptOut(db: Db, targets: readonly (Asked & { account: string })[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from kept_out k where exists (
      select from json_to_recordset(${JSON.stringify(targets)}::json) as t (source text, account text, entity text)
      where t.source = k.source and t.entity = k.entity and k.scope in ('*', t.account))`.execute(db);
  return rows[0]!.n;
}

/**
 * To be called before any other lock of a transaction that keeps a record out. A landing that has looked at the list and not
 * yet written would bring the record back: this waits for every such landing, and lets no other look before we have committed.
 */
export async function lockKeptOut(trx: Trx): Promise<void> {
  await sql`lock table kept_out in access exclusive mode`.execute(trx);
}

export async function keepOut(
  trx: Trx,
  { source, scope, entity, externalId }: RecordKey,
  actor: string,
): Promise<void> {
  await sql`insert into kept_out (source, scope, entity, external_id, actor)
    values (${source}, ${scope}, ${entity}, ${externalId}, ${actor}) on conflict do nothing`.execute(trx);
}

/** Lifts it again; answers with those that were kept out. */
export async function letIn(
  db: Db,
  asked: Asked,
  externalIds: readonly string[],
  actor: string,
): Promise<{ scope: string; external_id: string }[]> {
  return transaction(db, async (trx) => {
    const { rows } = await sql<{ scope: string; external_id: string }>`
      delete from kept_out where ${isAsked(asked)} and external_id = any(${externalIds}::text[])
      returning scope, external_id`.execute(trx);
    if (rows.length > 0) {
      const target = `${asked.source}/${asked.entity}`;
      await writeAudit(trx, { actor, action: 'let in', target, details: { records: rows } });
    }
    return rows;
  });
}
