import { sql } from 'kysely';
import { readListingPlan } from '../db/runs/listing-plan.ts';
import { sqlState } from '../db/sql-state.ts';
import { redactText } from '../log/redact.ts';
import type { Account, SourceDefinition } from '../sources/define-source.ts';
import { SourceError } from '../sources/errors.ts';
import type { Runtime } from './runtime.ts';

export interface AccountCheck {
  source: string;
  account: string;
  ok: boolean;
  /** Of session and first page together. */
  latency_ms: number;
  requests: number;
  /** Rows of the page that was read; nothing is stored. */
  entity: string;
  rows: number | null;
  timezone: string;
  timezone_ok: boolean;
  /** Stable word of the error, e.g. `UNAUTHORIZED`. */
  code: string | null;
  error: string | null;
}

/** Opens a session and reads one page of the source's first entity, the one that the others hang on. */
export async function checkAccount(
  { context, connection }: Runtime,
  source: SourceDefinition,
  account: Account,
): Promise<AccountCheck> {
  const entity = source.entities[0];
  if (!entity) throw new Error(`sources/${source.name}/index.ts has no entities.`);
  const timezoneOk = await knowsTimezone(connection.db, account.timezone);
  // A zone that PostgreSQL does not know would spoil the plan, too.
  const zone = timezoneOk ? account.timezone : 'UTC';
  const request = { entity: entity.name, mode: 'incremental', period: null } as const;
  const plan = await readListingPlan(connection.db, { ...request, account: { ...account, timezone: zone } });
  const vendor = context.vendor(source.name, account.name);
  const startedAt = performance.now();
  const check = { source: source.name, account: account.name, entity: entity.name, timezone: account.timezone };
  const measured = () => ({ latency_ms: Math.round(performance.now() - startedAt), requests: vendor.http.requests() });
  try {
    const { records } = await entity.listing.fetch(vendor, entity.listing.first(plan)[0] ?? '');
    const rest = { timezone_ok: timezoneOk, code: null, error: null };
    return { ...check, ok: timezoneOk, ...measured(), rows: records.length, ...rest };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const rest = { timezone_ok: timezoneOk, code: error.code, error: redactText(error.message) };
    return { ...check, ok: false, ...measured(), rows: null, ...rest };
  }
}

const INVALID_PARAMETER = '22023';

async function knowsTimezone(db: Runtime['connection']['db'], timezone: string): Promise<boolean> {
  try {
    await sql`select now() at time zone ${timezone}`.execute(db);
    return true;
  } catch (error) {
    if (sqlState(error) === INVALID_PARAMETER) return false;
    throw error;
  }
}
