import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { explainFault } from './explain-fault.ts';
import { HotelRule } from './hotel-rule.ts';
import type { Table } from './rows.ts';
import { type RuleMessage, ruleMessages } from './rule-messages.ts';

/**
 * Every check that a record would break, in the order of the columns. A write is told of one only; whoever fills a form wants to know
 * all at once. The checks are PostgreSQL's own, read from its catalogue, so that each rule stays in one place.
 */
export async function brokenRules(db: Db, table: Table, values: Record<string, unknown>): Promise<RuleMessage[]> {
  const name = `hotel.${table}`;
  const checks = await sql<{ name: string; check: string }>`
    select conname as name, pg_get_expr(conbin, conrelid) as check from pg_constraint
    where conrelid = ${name}::regclass and contype = 'c' order by conkey, conname`.execute(db);
  const broken = checks.rows.map((rule) => sql`(${sql.raw(rule.check)}) is false`);
  if (broken.length === 0) return [];
  const asked = sql<{ broken: boolean[] }>`
    select array[${sql.join(broken)}] as broken
    from jsonb_populate_record(null::${sql.table(name)}, ${JSON.stringify(values)}::jsonb)`.execute(db);
  const { rows } = await asked.catch((error: unknown) => {
    // A value that is none of its column's type: the write has told that already.
    if (explainFault(error) instanceof HotelRule) return { rows: [] };
    throw error;
  });
  return checks.rows.flatMap((rule, at) => {
    const message = rows[0]?.broken[at] ? ruleMessages[rule.name] : undefined;
    return message ? [message] : [];
  });
}
