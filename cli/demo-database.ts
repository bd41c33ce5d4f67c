import { join } from 'node:path';
import pg from 'pg';

const DATABASE = 'pmsync_demo';

/** Written by the demo, so that commands in a second terminal find it. */
export function demoSettingsPath(dataDir: string): string {
  return join(dataDir, 'demo.yaml');
}

/** The demo's records live in a database of their own on the embedded server: they never mix with the user's. */
export async function openDemoDatabase(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
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
