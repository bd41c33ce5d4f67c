import { type Kysely, sql } from 'kysely';

/**
 * PostgreSQL first notes new entries of such an index in a list, and every search reads the list from end to end. Here each
 * applied parent is a search.
 */
const statements = [
  'alter index source_records_waits_for_idx set (fastupdate = off)',
  `select gin_clean_pending_list('source_records_waits_for_idx')`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
