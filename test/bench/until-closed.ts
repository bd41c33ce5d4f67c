import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../db/connection.ts';

/** Seldom, because the database that is asked is the one that is measured: when a run ended is what the database says. */
const EVERY_MS = 100;

/** Waits until `count` runs of an entity that began after `since` are closed. Throws when one did not succeed. */
export async function untilClosed(
  db: Db,
  { entity, since, count }: { entity: string; since: Date; count: number },
): Promise<{ closedAt: Date }> {
  for (;;) {
    const { rows } = await sql<{ closed: number; bad: number; at: Date }>`
      select /* bench */ count(*) filter (where status <> 'running')::int as closed,
        count(*) filter (where status in ('failed', 'partial'))::int as bad, max(finished_at) as at
      from sync_log where entity = ${entity} and started_at >= ${since}`.execute(db);
    const [{ closed, bad, at }] = rows as [(typeof rows)[number]];
    if (bad > 0) throw new Error(`a ${entity} run did not succeed`);
    if (closed === count) return { closedAt: at };
    await wait(EVERY_MS);
  }
}
