import { sql } from 'kysely';
import type { QueueBackend } from './backends.ts';
import { forgetKeys } from './redis-nodes.ts';
import type { System } from './system.ts';

/** The queue forgets every job of the system, whatever state they are in. */
export async function loseQueue({ redisUrl }: QueueBackend, { db, prefix }: System): Promise<void> {
  if (redisUrl) await forgetKeys(redisUrl, prefix);
  else await sql`truncate bullmq.job cascade`.execute(db);
}
