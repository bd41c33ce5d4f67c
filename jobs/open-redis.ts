import { Cluster, Redis } from 'ioredis';
import { parseRedisAddress, REDIS_EXAMPLE } from '../settings/redis-address.ts';

const SECOND = 1000;
/** Soon at first, and never further apart than this: a queue that is back should not wait for us. */
const LONGEST_PAUSE_MS = 2 * SECOND;
/** A cluster of which only this is known for certain: where it was a moment ago. */
const ASK_FOR_SLOTS_WITHIN_MS = 5 * SECOND;

export interface RedisClient {
  connection: Redis | Cluster;
  isCluster: boolean;
}

/** Connects to one Redis, a cluster, or the master that sentinels name; see `parseRedisAddress`. Throws RangeError for another address. */
export function openRedis(url: string, onError: (error: Error) => void): RedisClient {
  const address = parseRedisAddress(url);
  if (!address) throw new RangeError(`This is no address of a Redis. Write e.g. ${REDIS_EXAMPLE}`);
  const { kind, nodes, tls, username, password, master, db } = address;
  const pause = (times: number) => Math.min(times * 100, LONGEST_PAUSE_MS);
  const common = {
    // What is asked while the server is away waits for it; BullMQ wants it so.
    maxRetriesPerRequest: null,
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: {} }),
  };
  const connection =
    kind === 'cluster'
      ? new Cluster(nodes, {
          redisOptions: common,
          clusterRetryStrategy: pause,
          slotsRefreshTimeout: ASK_FOR_SLOTS_WITHIN_MS,
          // Names in certificates are those of the nodes, not their addresses.
          ...(tls && { dnsLookup: (name, done) => done(null, name) }),
        })
      : kind === 'sentinel'
        ? new Redis({
            ...common,
            db,
            sentinels: nodes,
            name: master ?? '',
            ...(password && { sentinelPassword: password }),
            ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
            sentinelRetryStrategy: pause,
            retryStrategy: pause,
          })
        : new Redis(url, { maxRetriesPerRequest: null, retryStrategy: pause });
  connection.on('error', onError);
  return { connection, isCluster: kind === 'cluster' };
}
