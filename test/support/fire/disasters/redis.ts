import { Redis } from 'ioredis';
import { waitFor } from '../../wait-for.ts';
import type { FireWorld } from '../fire-world.ts';
import type { Disaster } from './disaster.ts';

const SECOND = 1000;

/** Asks the world's Redis, not over the network. */
async function onRedis<T>({ redis }: FireWorld, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis?.url ?? '');
  client.on('error', () => {});
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

const only = 'redis';

export const redisDisasters: Disaster[] = [
  {
    name: 'Redis killed and back, empty',
    only,
    async strike(world) {
      const said = world.fleet.listen();
      await world.redis?.kill();
      await world.untilSaid(said, /ECONNRESET|ECONNREFUSED|Connection is closed/);
      await world.redis?.restart();
    },
  },
  {
    name: 'Redis emptied (FLUSHALL)',
    only,
    strike: (world) =>
      onRedis(world, async (client) => {
        if ((await client.dbsize()) === 0) throw new Error('there was nothing in Redis');
        await client.flushall();
      }),
  },
  {
    name: 'Redis frozen',
    only,
    async strike({ redis, networks }) {
      redis?.freeze();
      const before = networks.redis?.passed() ?? 0;
      // Questions go out and no answer comes: what the processes say piles up.
      await waitFor(() => (networks.redis?.passed() ?? 0) > before, {
        describe: 'Redis is asked',
        timeoutMs: 30 * SECOND,
      });
      await pause(3 * SECOND);
      redis?.thaw();
    },
  },
  {
    name: 'Redis full (maxmemory reached)',
    only,
    async strike(world) {
      const said = world.fleet.listen();
      await onRedis(world, (client) => client.config('SET', 'maxmemory', '1mb'));
      await world.untilSaid(said, /OOM command not allowed/);
      await pause(1 * SECOND);
      await onRedis(world, (client) => client.config('SET', 'maxmemory', '0'));
    },
  },
  {
    name: 'Redis slow (150 ms each way)',
    only,
    async strike({ networks }) {
      networks.redis?.delay(150);
      await pause(4 * SECOND);
      await networks.redis?.heal();
    },
  },
  {
    name: 'every connection of Redis ended (CLIENT KILL)',
    only,
    strike: (world) =>
      onRedis(world, async (client) => {
        const killed = await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        if (Number(killed) === 0) throw new Error('nobody was connected to Redis');
      }),
  },
];

/** How long a disaster lasts. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
