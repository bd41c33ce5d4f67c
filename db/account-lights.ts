import { sql } from 'kysely';
import { jsonText } from './json.ts';
import type { Trx } from './transaction.ts';

export interface AccountLight {
  source: string;
  account: string;
  light: string;
  /** When it got this light. */
  since: Date;
  /** When its red was told; null when there is none, or it has not been told yet. */
  told_red_at: Date | null;
}

/** False when another process is looking at the accounts; else nobody else does before this transaction ends. */
export async function lockAccountLights(trx: Trx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('pmsync account_lights')) as mine`.execute(trx);
  return rows[0]?.mine ?? false;
}

export async function readAccountLights(trx: Trx): Promise<AccountLight[]> {
  const { rows } =
    await sql<AccountLight>`select source, account, light, since, told_red_at from account_lights`.execute(trx);
  return rows;
}

/** These are all there are. */
export async function writeAccountLights(trx: Trx, lights: readonly AccountLight[]): Promise<void> {
  const given = sql`json_to_recordset(${jsonText(lights)}::json)
    as l (source text, account text, light text, since timestamptz, told_red_at timestamptz)`;
  await sql`
    insert into account_lights as a (source, account, light, since, told_red_at)
    select source, account, light, since, told_red_at from ${given}
    on conflict (source, account) do update set light = excluded.light, since = excluded.since,
      told_red_at = excluded.told_red_at
    where (a.light, a.since, a.told_red_at) is distinct from (excluded.light, excluded.since, excluded.told_red_at)`.execute(
    trx,
  );
  await sql`delete from account_lights a
    where not exists (select 1 from ${given} where l.source = a.source and l.account = a.account)`.execute(trx);
}
