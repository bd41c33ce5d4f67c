import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { startRedis, type TestRedis } from './redis-server.ts';
import { waitFor } from './wait-for.ts';

/** A Redis Cluster of three masters without replicas: what a master holds is away while it is. */
export interface TestCluster {
  /** As `REDIS_URL`. */
  url: string;
  masters: TestRedis[];
  /** Keys on each master. */
  keys(): Promise<number[]>;
  stop(): Promise<void>;
}

const MASTERS = 3;
const SLOTS = 16_384;
const SECOND = 1000;

/** Throws when `redis-server` is not installed, or is older than 7. */
export async function startRedisCluster(): Promise<TestCluster> {
  const masters: TestRedis[] = [];
  const stop = async () => {
    for (const master of masters) await master.stop();
  };
  try {
    const buses: number[] = [];
    for (let n = 0; n < MASTERS; n += 1) {
      // The usual one, 10,000 above the port, may be above all ports.
      const bus = await freePort();
      buses.push(bus);
      masters.push(await startRedis({ settings: clusterSettings(bus) }));
    }
    for (const [n, master] of masters.entries()) {
      const [first, last] = [n, n + 1].map((edge) => Math.round((edge * SLOTS) / MASTERS)) as [number, number];
      await asking(master, async (client) => {
        await client.call('CLUSTER', 'ADDSLOTSRANGE', first, last - 1);
        await client.call('CLUSTER', 'SET-CONFIG-EPOCH', n + 1);
      });
    }
    const [one, ...others] = masters as [TestRedis, ...TestRedis[]];
    await asking(one, async (client) => {
      for (const [n, { port }] of others.entries())
        await client.call('CLUSTER', 'MEET', '127.0.0.1', port, buses[n + 1] ?? 0);
    });
    const formed = async () => (await Promise.all(masters.map((master) => asking(master, isWhole)))).every(Boolean);
    await waitFor(formed, { describe: 'the cluster is whole', timeoutMs: 30 * SECOND, intervalMs: 100 });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters,
    keys: () => Promise.all(masters.map((master) => asking(master, (client) => client.dbsize()))),
    stop,
  };
}

function clusterSettings(bus: number): Record<string, string | number> {
  return {
    'cluster-enabled': 'yes',
    'cluster-port': bus,
    'cluster-config-file': 'nodes.conf',
    'cluster-node-timeout': 2 * SECOND,
    // The other masters go on with what is theirs.
    'cluster-require-full-coverage': 'no',
  };
}

async function isWhole(client: Redis): Promise<boolean> {
  const info = String(await client.call('CLUSTER', 'INFO'));
  return (
    /cluster_state:ok/.test(info) &&
    info.includes(`cluster_known_nodes:${MASTERS}`) &&
    info.includes(`cluster_slots_ok:${SLOTS}`)
  );
}

async function asking<T>({ url }: TestRedis, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  client.on('error', () => {});
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
