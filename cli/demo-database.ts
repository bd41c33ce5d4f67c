import { join } from 'node:path';
import pg from 'pg';
import { UsageError } from '../operations/usage-error.ts';

const DATABASE = 'pmsync_demo';

/** Written by the demo, so that commands in a second terminal find it. */
export function demoSettingsPath(dataDir: string): string {
  return join(dataDir, 'demo.yaml');
}

/** The demo's records live in a database of their own on the embedded server: they never mix with the user's. */
export async function openDemoDatabase(serverUrl: string, fresh: boolean): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    if (fresh) await dropUnused(client);
    await client.query(`create database ${DATABASE}`).catch((error: { code?: string }) => {
      const exists = error.code === '42P04' || error.code === '23505';
      if (!exists) throw error;
    });
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

const IN_USE = '55006';

/** A demo begins with nothing; one that is running in another terminal is left alone. */
async function dropUnused(client: pg.Client): Promise<void> {
  await client.query(`drop database if exists ${DATABASE}`).catch((error: { code?: string }) => {
    if (error.code !== IN_USE) throw error;
    throw new UsageError('A demo is running here already, or a program is connected to its database. End that first.');
  });
}
