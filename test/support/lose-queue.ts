import { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { QueueBackend } from './backends.ts';
import type { System } from './system.ts';

/** The queue forgets every job of the system, whatever state they are in. */
export async function loseQueue({ redisUrl }: QueueBackend, { db, prefix }: System): Promise<void> {
  if (!redisUrl) return void (await sql`truncate bullmq.job cascade`.execute(db));
  const redis = new Redis(redisUrl);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1000 }))
      if (keys.length > 0) await redis.unlink(...(keys as string[]));
  } finally {
    redis.disconnect();
  }
}
