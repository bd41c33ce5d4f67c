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
    family: 'redis',
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
    family: 'redis',
    only,
    strike: (world) =>
      onRedis(world, async (client) => {
        const keys = { describe: 'there is something in Redis', timeoutMs: 30 * SECOND };
        await waitFor(async () => (await client.dbsize()) > 0, keys);
        await client.flushall();
      }),
  },
  {
    name: 'Redis frozen',
    family: 'redis',
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
    family: 'redis',
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
    family: 'redis',
    only,
    async strike({ networks }) {
      networks.redis?.delay(150);
      await pause(4 * SECOND);
      await networks.redis?.heal();
    },
  },
  {
    name: 'every connection of Redis ended (CLIENT KILL)',
    family: 'redis',
    only,
    strike: (world) =>
      onRedis(world, async (client) => {
        const kill = async () => Number(await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
        await waitFor(async () => (await kill()) > 0, { describe: 'somebody is connected', timeoutMs: 30 * SECOND });
      }),
  },
];

/** How long a disaster lasts. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
