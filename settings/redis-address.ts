/** Where Redis is, as `REDIS_URL` says it. */
export interface RedisAddress {
  /** `cluster`: the nodes are some of its masters. `sentinel`: they are sentinels, which know where `master` is. */
  kind: 'single' | 'cluster' | 'sentinel';
  nodes: { host: string; port: number }[];
  tls: boolean;
  username?: string;
  password?: string;
  /** Name of the master that the sentinels watch. */
  master?: string;
  /** Number of the database; a cluster has only 0. */
  db: number;
}

export const REDIS_EXAMPLE = 'redis://localhost:6379';

const ADDRESS =
  /^(?<scheme>rediss?)(?:\+(?<kind>cluster|sentinel))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<nodes>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?.*)?$/;
const NODE = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(?<port>\d{1,5}))?$/;

/**
 * Reads `redis://user:password@host:6379/0`, `rediss://…` with TLS, a cluster as `redis://host:7001,host:7002,host:7003` or
 * `redis+cluster://one-host:6379`, and sentinels as `redis+sentinel://host:26379,host:26379/master`. Undefined for what is
 * none of these.
 */
export function parseRedisAddress(text: string): RedisAddress | undefined {
  const found = ADDRESS.exec(text.trim())?.groups;
  if (!found) return undefined;
  const { scheme, kind: said, user, password, path = '' } = found;
  const usualPort = said === 'sentinel' ? 26_379 : 6379;
  const nodes = (found.nodes ?? '').split(',').map((node) => {
    const { host = '', port } = NODE.exec(node.trim())?.groups ?? {};
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? usualPort) };
  });
  if (nodes.some(({ host, port }) => host === '' || port < 1 || port > 65_535)) return undefined;
  const kind = said === 'sentinel' ? 'sentinel' : said === 'cluster' || nodes.length > 1 ? 'cluster' : 'single';
  const [master, number] = kind === 'sentinel' ? path.split('/') : [undefined, path];
  const db = Number(number || 0);
  if (!Number.isInteger(db) || db < 0 || (kind === 'cluster' && db !== 0) || (kind === 'sentinel' && !master))
    return undefined;
  return {
    kind,
    nodes,
    tls: scheme === 'rediss',
    ...(user && { username: decode(user) }),
    ...(password && { password: decode(password) }),
    ...(master && { master }),
    db,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is a password too
  }
}
