import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../../db/connection.ts';
import { keysOf, onEachRedis } from './redis-nodes.ts';

const SHORTEST_CANARY = 5;
const COLUMNS = ['first_name', 'last_name', 'middle_name', 'phone', 'email', 'address', 'comment', 'birthday'];

/** Every personal datum of the mirrored people that is long enough to be told from other words. */
export async function peopleIn(db: Db): Promise<string[]> {
  const { rows: clients } = await sql<Record<string, unknown>>`select * from clients`.execute(db);
  const { rows: staff } = await sql<{ waiter: unknown; cashier: unknown }>`
    select waiter, cashier from receipts`.execute(db);
  const values = [
    ...clients.flatMap((client) => COLUMNS.map((column) => client[column])),
    ...staff.flatMap(({ waiter, cashier }) => [waiter, cashier]),
  ];
  return [
    ...new Set(values.filter((value) => typeof value === 'string' && value.length >= SHORTEST_CANARY)),
  ] as string[];
}

/** Each canary that stands in the lines, with the line. */
export function found(canaries: readonly string[], lines: readonly string[]): string[] {
  const text = lines.join('\n');
  return canaries
    .filter((canary) => text.includes(canary))
    .map((canary) => `${canary} in ${lines.find((line) => line.includes(canary))}`);
}

/** Every word of a system's queues: jobs, results, errors, logs. */
export async function wordsInRedis(url: string, prefix: string): Promise<string[]> {
  const words: unknown[] = [];
  await onEachRedis(url, async (redis) => {
    for await (const keys of keysOf(redis, prefix)) {
      for (const key of keys) {
        const type = await redis.type(key);
        if (type === 'string') words.push([key, await redis.get(key)]);
        if (type === 'hash') words.push([key, await redis.hgetall(key)]);
        if (type === 'list') words.push([key, await redis.lrange(key, 0, -1)]);
        if (type === 'set') words.push([key, await redis.smembers(key)]);
        if (type === 'zset') words.push([key, await redis.zrange(key, '0', '-1')]);
        if (type === 'stream') words.push([key, await redis.xrange(key, '-', '+')]);
      }
    }
  });
  return words.map((word) => JSON.stringify(word));
}

/** Every row of the PostgreSQL queue. */
export async function wordsInPostgresQueue(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq'",
    );
    const words: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ word: string }>(`select t::text as word from ${name} t`);
      words.push(...rows.map((row) => row.word));
    }
    return words;
  } finally {
    await client.end();
  }
}
