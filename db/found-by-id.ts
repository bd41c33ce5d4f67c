import { sql } from 'kysely';
import type { Db } from './connection.ts';
import type { RecordKey } from './record-key.ts';

/** So long a record counts as being at the source though no list has it, after the source had it by its id. */
const BELIEVED_DAYS = 7;

/** Notes that the source has a record that was asked for by its id. */
export async function noteFound(db: Db, { source, scope, entity, externalId }: RecordKey): Promise<void> {
  await sql`update source_records set found_at = now()
    where source = ${source} and scope = ${scope} and entity = ${entity} and external_id = ${externalId}`.execute(db);
}

/** Condition on `s`, a row of `source_records`: it is in no list, and yet at the source. */
export const isFoundById = sql`s.found_at is not null and s.found_at > now() - make_interval(days => ${BELIEVED_DAYS})`;
