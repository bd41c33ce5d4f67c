import { type Kysely, sql } from 'kysely';

/** Records of large runs are applied where their page lands: no later job has to find them by their page. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index source_records_run_id_idx`.execute(db);
  await sql`alter table source_records drop column page`.execute(db);
  await sql`create index source_records_run_id_idx on source_records (run_id) where run_id is not null`.execute(db);
}
