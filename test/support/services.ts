import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedPostgres } from '../../db/embedded/index.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { hasRedisServer, startRedis } from './redis-server.ts';

/** Something that runs while the tests do. */
export interface Service {
  url: string;
  stop(): Promise<void>;
}

/** TEST_DATABASE_URL (a superuser's), else an embedded server without any care for its data. */
export async function startPostgres(): Promise<Service> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const dataDir = mkdtempSync(join(tmpdir(), 'pmsync-test-'));
  chmodSync(dataDir, 0o755);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 400 };
  const removeData = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const { url, leave } = await openEmbeddedPostgres({ dataDir, settings });
    return { url, stop: () => leave().then(removeData) };
  } catch (error) {
    removeData();
    throw error;
  }
}

/** TEST_REDIS_CLUSTER: three masters of our own. TEST_REDIS_URL, else `redis-server`, else Docker, else none: then one loud line, and in CI an error. */
export async function findRedis(): Promise<Service | undefined> {
  if (process.env.TEST_REDIS_CLUSTER) return await startRedisCluster();
  const given = process.env.TEST_REDIS_URL;
  if (given) return { url: given, stop: async () => {} };
  if (hasRedisServer()) return await startRedis();
  const inDocker = await startRedisInDocker().catch((error: unknown) => error as Error);
  if (!(inDocker instanceof Error)) return inDocker;
  const message = `NO REDIS: the tests of the Redis queue are left out. Install redis-server, start Docker, or set TEST_REDIS_URL. (Docker: ${inDocker.message})`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`\n\x1b[1;33m${message}\x1b[0m\n\n`);
  return undefined;
}

async function startRedisInDocker(): Promise<Service> {
  // Its clean-up container comes from a registry that not every machine reaches; we stop what we start.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { RedisContainer } = await import('@testcontainers/redis');
  const container = await new RedisContainer('redis:8').start();
  return { url: container.getConnectionUrl(), stop: async () => void (await container.stop()) };
}
