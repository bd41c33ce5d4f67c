import { type RawBuilder, sql } from 'kysely';
import { type AuditEntry, writeAudit } from './audit.ts';
import type { Db } from './connection.ts';
import { transaction } from './transaction.ts';

/** What an operator has stopped. */
export interface Paused {
  source: string;
  account: string;
  /** Null: the whole account. */
  entity: string | null;
  at: Date;
  actor: string;
  reason: string | null;
}

export type PauseTarget = Pick<Paused, 'source' | 'account' | 'entity'>;

export async function readPauses(db: Db): Promise<Paused[]> {
  const { rows } = await sql<Paused>`
    select source, account, entity, at, actor, reason from pauses order by source, account, entity nulls first`.execute(
    db,
  );
  return rows;
}

/** The pause that stops the runs of an entity: that of its account, else its own. */
export function pauseOf(
  pauses: readonly Paused[],
  { source, account, entity }: { source: string; account: string; entity: string },
): Paused | undefined {
  const here = pauses.filter((pause) => pause.source === source && pause.account === account);
  return here.find((pause) => pause.entity === null) ?? here.find((pause) => pause.entity === entity);
}

export async function isPaused(
  db: Db,
  { source, account, entity }: { source: string; account: string; entity: string },
): Promise<boolean> {
  const { rows } = await sql`select from pauses where source = ${source} and account = ${account}
    and (entity is null or entity = ${entity})`.execute(db);
  return rows.length > 0;
}

/** False when it was paused already; then the older pause stays as it is. */
export async function writePause(
  db: Db,
  target: PauseTarget,
  { actor, reason }: { actor: string; reason: string | null },
) {
  const { source, account, entity } = target;
  return withAudit(
    db,
    { actor, action: 'pause', target: nameOf(target), details: { reason } },
    sql`
    insert into pauses (source, account, entity, actor, reason)
    values (${source}, ${account}, ${entity}, ${actor}, ${reason}) on conflict do nothing`,
  );
}

/** False when it was not paused. */
export async function removePause(
  db: Db,
  target: PauseTarget,
  { actor, reason }: { actor: string; reason: string | null },
) {
  const { source, account, entity } = target;
  return withAudit(
    db,
    { actor, action: 'resume', target: nameOf(target), details: { reason } },
    sql`
    delete from pauses where source = ${source} and account = ${account} and entity is not distinct from ${entity}`,
  );
}

/** The deed and its entry in the audit log, when the deed changes anything. */
async function withAudit(db: Db, entry: AuditEntry, deed: RawBuilder<unknown>): Promise<boolean> {
  return transaction(db, async (trx) => {
    const { numAffectedRows } = await deed.execute(trx);
    if (!numAffectedRows) return false;
    await writeAudit(trx, entry);
    return true;
  });
}

const nameOf = ({ source, account, entity }: PauseTarget) => [source, account, entity].filter(Boolean).join('/');
