import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import './provided-context.ts';

/** One of the two queue backends; `describe.each(queueBackends())('with $name', …)` runs a block on both. */
export interface QueueBackend {
  name: 'redis' | 'postgres';
  /** Only for `redis`; without it the queue lives in the test database. */
  redisUrl?: string;
  /** Only for `redis`: put before every key, because all test files share one Redis. Unique to this call. */
  prefix?: string;
}

/** With `TEST_QUEUE_BACKEND` only that one, as on a second version of PostgreSQL, which Redis knows nothing of. */
export function queueBackends(): QueueBackend[] {
  const redisUrl = inject('redisUrl');
  const redis = { name: 'redis', redisUrl: redisUrl ?? '', prefix: `test-${randomBytes(4).toString('hex')}` } as const;
  const both: QueueBackend[] = [...(redisUrl ? [redis] : []), { name: 'postgres' }];
  const only = process.env.TEST_QUEUE_BACKEND;
  return only ? both.filter(({ name }) => name === only) : both;
}
