import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { explainFailure } from './embedded-postgres-error.ts';
import { readPassword, SUPERUSER } from './init-cluster.ts';
import type { Layout } from './layout.ts';

export const DATABASE = 'pmsync';
const READY_TIMEOUT_MS = 60_000;
const NO_SUCH_DATABASE = '3D000';
const NOT_READY = new Set(['57P03', 'ECONNREFUSED', 'ECONNRESET']);

/** Waits until the server answers, and makes the database when it is not there yet. */
export async function waitUntilUsable(layout: Layout, port: number): Promise<string> {
  const url = (database: string) =>
    `postgres://${SUPERUSER}:${encodeURIComponent(readPassword(layout))}@127.0.0.1:${port}/${database}`;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await query(url(DATABASE), 'SELECT 1');
      return url(DATABASE);
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (code === NO_SUCH_DATABASE) await query(url('postgres'), `CREATE DATABASE ${DATABASE}`);
      else if (NOT_READY.has(code) && Date.now() < deadline) await sleep(100);
      else {
        const where = `${layout.cluster} (port ${port}, log ${layout.log})`;
        throw explainFailure('START_FAILED', 'Cannot connect to the embedded PostgreSQL', where, String(error), error);
      }
    }
  }
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
