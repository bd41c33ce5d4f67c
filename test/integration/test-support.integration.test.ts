import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { queueBackends } from '../support/backends.ts';
import { createTestDatabase } from '../support/database.ts';
import { assertNothingLeftOpen, openResources } from '../support/leaks.ts';
import { hasRedisServer, startRedis } from '../support/redis-server.ts';
import { waitFor } from '../support/wait-for.ts';

describe('a test database', () => {
  it('has the newest schema and is of its own', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one.url).not.toBe(other.url);
    expect(await query(one.url, "SELECT to_regclass('public.source_records') IS NOT NULL AS found")).toEqual([
      { found: true },
    ]);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('goes away also when a connection to it is open', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => {});
    await client.connect();
    await database.drop();
    await client.end().catch(() => {});
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describe('the queue backends', () => {
  it('are PostgreSQL always and Redis where there is one, unless one is chosen', () => {
    const names = queueBackends().map((backend) => backend.name);
    const only = process.env.TEST_QUEUE_BACKEND;
    expect(names).toEqual(only ? [only] : inject('redisUrl') ? ['redis', 'postgres'] : ['postgres']);
  });

  it('never share a Redis prefix', () => {
    const prefixes = [...queueBackends(), ...queueBackends()].flatMap((backend) => backend.prefix ?? []);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });
});

describe.runIf(hasRedisServer())('a Redis of a test', () => {
  it('comes back on the same port after a kill', async () => {
    const redis = await startRedis();
    const { port } = redis;
    const first = redis.pid();
    await redis.kill();
    await redis.restart();
    expect(redis.port).toBe(port);
    expect(redis.pid()).not.toBe(first);
    await redis.stop();
  });
});

describe('the leak check', () => {
  it('names what was left open and is content once it is closed', async () => {
    const before = openResources();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await expect(assertNothingLeftOpen(before, 100)).rejects.toThrow('TCPServerWrap');
    server.close();
    await assertNothingLeftOpen(before);
  });
});

describe('waitFor', () => {
  it('returns the first truthy answer', async () => {
    const answers = [undefined, 0, 'there'];
    expect(await waitFor(() => answers.shift(), { describe: 'something is there' })).toBe('there');
  });

  it('fails with what was awaited and what was seen', async () => {
    const condition = () => {
      throw new Error('not yet');
    };
    const waiting = waitFor(condition, { describe: 'the run is closed', timeoutMs: 50 });
    await expect(waiting).rejects.toThrow(
      'After 50 ms it was still not so that the run is closed (last seen: not yet)',
    );
  });
});

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
