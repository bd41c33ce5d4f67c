import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedPostgres } from '../../db/embedded/index.ts';
import { startRedis } from '../support/redis-server.ts';
import type { Machine } from './figure.ts';

/** The servers of the environment, or our own. */
export async function openMachine(): Promise<Omit<Machine, 'records'> & { close(): Promise<void> }> {
  const { DATABASE_URL, REDIS_URL } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-bench-'));
  const embedded = DATABASE_URL
    ? undefined
    : await openEmbeddedPostgres({
        dataDir: folder,
        settings: { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'none' },
      });
  const redis = REDIS_URL ? undefined : await startRedis();
  return {
    server: DATABASE_URL || embedded?.url || '',
    redisUrl: REDIS_URL || redis?.url || '',
    async close() {
      await redis?.stop();
      await embedded?.leave();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
