import { Redis } from 'ioredis';
import { parseRedisAddress } from '../../settings/redis-address.ts';

/** Asks every server that the address names, one after the other: of a cluster, each has other keys. */
export async function onEachRedis(url: string, work: (redis: Redis) => Promise<void>): Promise<void> {
  const { nodes = [], username, password, db } = parseRedisAddress(url) ?? {};
  for (const node of nodes) {
    const redis = new Redis({
      ...node,
      ...(username && { username }),
      ...(password && { password }),
      ...(db && { db }),
      maxRetriesPerRequest: 1,
    });
    redis.on('error', () => {});
    try {
      await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}

/** The keys of a system's queues, some at a time. In a cluster each queue has a hash tag. */
export async function* keysOf(redis: Redis, prefix: string): AsyncGenerator<string[]> {
  for (const match of [`${prefix}:*`, `{${prefix}.*`])
    for await (const keys of redis.scanStream({ match, count: 1000 })) if (keys.length > 0) yield keys as string[];
}

/** One by one: they lie in many slots. */
export async function forgetKeys(url: string, prefix: string): Promise<void> {
  await onEachRedis(url, async (redis) => {
    for await (const keys of keysOf(redis, prefix)) {
      const pipeline = redis.pipeline();
      for (const key of keys) pipeline.unlink(key);
      await pipeline.exec();
    }
  });
}
