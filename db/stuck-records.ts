import { sql } from 'kysely';

/**
 * Records that did not go through, as a table `s` of rows of `source_records`: parked, stored without a parent, or in
 * quarantine. Found by small indexes: `state` itself has none, on purpose.
 */
export const stuckRecords = sql`(
  select w.* from source_records w where w.waits_for is not null
  union all
  select q.* from (select distinct source, entity, external_id from sync_issues
    where kind = 'invalid_record' and (resolved_at is null or dismissed_hash is not null)) i
  join source_records q using (source, entity, external_id) where q.state = 'quarantined' and q.waits_for is null
) s`;
