import { type Connection, connect, type Db } from '../../../db/connection.ts';
import { openQueues, type Queues } from '../../../jobs/queues.ts';
import { freePort } from '../free-port.ts';
import { type OwnPostgres, startOwnPostgres } from '../own-postgres.ts';
import { createHome, type PmsyncHome } from '../pmsync-process.ts';
import type { BackendName } from '../pmsync-world.ts';
import { startRedis, type TestRedis } from '../redis-server.ts';
import { createSeeded, type Seeded } from '../seeded.ts';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import { waitFor } from '../wait-for.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { startVendors, type Vendors, type VendorsOptions } from './vendors.ts';

const SECOND = 1000;
/** The name of our own connections: those who break a server go on asking it. */
export const FIRE_BRIGADE = 'fire-brigade';

/** A whole installation: three vendors, two servers, and four processes that reach the servers over a network of ours. */
export interface FireWorld {
  backend: BackendName;
  random: Seeded;
  vendors: Vendors;
  fleet: Fleet;
  home: PmsyncHome;
  consoleUrl: string;
  postgres: OwnPostgres;
  /** Not over the network. After a crash the next question opens a new connection. */
  db: Db;
  /** Only with that backend. */
  redis: TestRedis | undefined;
  /** Not over the network. */
  queues: Queues;
  networks: { postgres: TcpProxy; redis?: TcpProxy };
  /** Waits until a process has said so; `said` comes from `fleet.listen()`. */
  untilSaid(said: () => string, what: RegExp): Promise<void>;
  close(): Promise<void>;
}

export const FLEET = {
  worker1: { role: 'worker' },
  worker2: { role: 'worker' },
  scheduler: { role: 'scheduler' },
  console: { role: 'console' },
} as const;
export const WORKERS = ['worker1', 'worker2'] as const;

/** Few, so that they can be used up; enough for four processes at work. */
const MOST_CONNECTIONS = 220;

export async function openFireWorld(
  backend: BackendName,
  seed: number,
  options: Pick<VendorsOptions, 'scheduled' | 'size'> = {},
): Promise<FireWorld> {
  const closings: (() => Promise<unknown> | unknown)[] = [];
  const close = async () => {
    const failed: unknown[] = [];
    for (const closing of closings.splice(0).reverse())
      await Promise.resolve()
        .then(closing)
        .catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw new AggregateError(failed, `The world could not be closed: ${failed.join('; ')}`);
  };
  try {
    const random = createSeeded(seed);
    const consolePort = await freePort();
    const consoleUrl = `http://127.0.0.1:${consolePort}`;
    const reading = (random.int(2) === 0) === (backend === 'redis') ? 'full' : 'incremental';
    const vendors = await startVendors({ seed, reading, consoleUrl, ...options });
    closings.push(vendors.close);
    const postgres = await startOwnPostgres({ max_connections: MOST_CONNECTIONS });
    closings.push(postgres.remove);
    const connection: Connection = connect({
      url: postgres.url,
      max: 3,
      applicationName: FIRE_BRIGADE,
      onError: () => {},
    });
    closings.push(connection.close);
    const redis = backend === 'redis' ? await startRedis() : undefined;
    if (redis) closings.push(redis.stop);
    const networks = {
      postgres: await startTcpProxy(postgres.port),
      ...(redis && { redis: await startTcpProxy(redis.port) }),
    };
    closings.push(() => Promise.all(Object.values(networks).map((network) => network.close())));
    const queues = openQueues({ redisUrl: redis?.url, databaseUrl: postgres.url, onError: () => {} });
    closings.push(() => queues.close());
    const home = createHome({
      env: {
        DATABASE_URL: through(postgres.url, networks.postgres),
        REDIS_URL: redis && networks.redis && through(redis.url, networks.redis),
        SHUTDOWN_TIMEOUT: '10s',
        ...vendors.env,
      },
    });
    closings.push(home.remove);
    home.writeSettings({ sources: vendors.sources });
    const fleet = createFleet(home, { ...FLEET, console: { role: 'console', env: { PORT: `${consolePort}` } } });
    closings.push(fleet.stop);
    await fleet.start(...Object.keys(FLEET));
    const untilSaid = async (said: () => string, what: RegExp) => {
      await waitFor(() => what.test(said()), { describe: `a process has said ${what}`, timeoutMs: 60 * SECOND });
    };
    const { db } = connection;
    return {
      backend,
      random,
      vendors,
      fleet,
      home,
      consoleUrl,
      postgres,
      db,
      redis,
      queues,
      networks,
      untilSaid,
      close,
    };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

function through(address: string, { port }: TcpProxy): string {
  const url = new URL(address);
  url.port = `${port}`;
  return url.href;
}
