import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import './provided-context.ts';

export interface TestDatabase {
  url: string;
  /** Removes it, also when something is still connected to it. */
  drop(): Promise<void>;
}

/** An empty database with the newest schema, of the caller's own. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createFrom(inject('templateDatabase'));
}

/** A database without any table, of the caller's own. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

/** As a dump that is restored elsewhere: everything that stands there at this moment. Whoever is connected is cut off. */
export async function copyDatabase(url: string): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const from = new URL(url).pathname.slice(1);
  // A database can be copied while nobody is in it; pools come back at once.
  await onServer(server, `ALTER DATABASE ${from} ALLOW_CONNECTIONS false`);
  try {
    await onServer(server, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${from}'`);
    return await createFrom(from);
  } finally {
    await onServer(server, `ALTER DATABASE ${from} ALLOW_CONNECTIONS true`);
  }
}

async function createFrom(template: string): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `${inject('templateDatabase')}_${randomBytes(4).toString('hex')}`;
  // Without fsync copying files is four times as quick as writing them into the log.
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  return { url: withDatabase(server, name), drop: () => dropDatabase(server, name) };
}

/** Made once a run. Test databases carry its name in front, so that the run can remove what tests left. */
export async function createTemplate(server: string, migrate: (url: string) => Promise<unknown>): Promise<string> {
  const name = `pmsync_test_${randomBytes(4).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  try {
    await migrate(withDatabase(server, name));
  } catch (error) {
    await dropDatabase(server, name);
    throw error;
  }
  // A database nobody can enter can be copied at any moment, also by several test files at once.
  await onServer(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  return name;
}

export async function dropTemplate(server: string, template: string): Promise<void> {
  const names = await onServer(server, `SELECT datname FROM pg_database WHERE starts_with(datname, '${template}')`);
  for (const { datname } of names) await dropDatabase(server, datname);
}

async function dropDatabase(server: string, name: string): Promise<void> {
  await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function onServer(connectionString: string, sql: string): Promise<{ datname: string }[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<{ datname: string }>(sql)).rows;
  } finally {
    await client.end();
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
