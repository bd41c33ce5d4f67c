import { type Kysely, sql } from 'kysely';

/** The sweep looks for queued pages every few seconds: without reading those that are done, however many a run has had. */
const statements = [`create index sync_pages_queued_idx on sync_pages (run_id) where state = 'queued'`];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
