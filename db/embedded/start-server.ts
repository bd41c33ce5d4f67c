import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { choosePort } from './choose-port.ts';
import { clearCrash } from './clear-crash.ts';
import { explainFailure } from './embedded-postgres-error.ts';
import type { Layout } from './layout.ts';
import { serverEnvironment } from './run-program.ts';
import { type RunningServer, runningServer } from './running-server.ts';
import { openServerLog, readServerLog } from './server-log.ts';
import { commandAs, type ServerUser } from './server-user.ts';

/** PostgreSQL settings by name. */
export type ServerSettings = Record<string, string | number>;

const SETTINGS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '128MB',
  // By default a 32nd of these: a large load fills it faster than it is written, and then everybody waits.
  wal_buffers: '16MB',
  // No replicas, so no WAL for them. fsync and synchronous_commit keep their safe defaults.
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: 1.1,
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const ATTEMPTS = 5;
const TIMEOUT_MS = 120_000;

/** Starts the server on a free port of 127.0.0.1; the port of the last time when it is free, so that old pools find it again. */
export async function startServer(
  layout: Layout,
  binaries: Binaries,
  user: ServerUser,
  settings: ServerSettings,
): Promise<RunningServer> {
  await clearCrash(layout);
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(layout, attempt);
    const log = openServerLog(layout);
    const started = await launch(
      layout,
      user,
      binaries.postgres,
      ['-D', layout.cluster, '-p', `${port}`, ...flags],
      log.fd,
    );
    if (typeof started === 'object') return started;
    const said = `${started}\n${readServerLog(layout, log)}`;
    const portTaken = /could not bind|Address already in use/.test(said);
    if (portTaken && attempt < ATTEMPTS) continue;
    throw explainFailure('START_FAILED', 'The embedded PostgreSQL did not start', layout.cluster, said);
  }
}

/** The server is a child of ours only so that a dead one is collected: it has its own session and outlives us. */
async function launch(
  layout: Layout,
  user: ServerUser,
  program: string,
  parameters: string[],
  log: number,
): Promise<RunningServer | string> {
  const { command, args, ids } = commandAs(user, program, parameters);
  const stdio = ['ignore', log, log] as const;
  const child = spawn(command, args, { ...ids, cwd: '/', env: serverEnvironment(), detached: true, stdio: [...stdio] });
  closeSync(log);
  child.unref();
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended ??= `it ended with ${signal ?? `exit code ${code}`}`;
  });
  const deadline = Date.now() + TIMEOUT_MS;
  while (ended === undefined) {
    const server = runningServer(layout);
    if (server?.ready && server.pid === child.pid) return server;
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      return `it was not ready after ${TIMEOUT_MS / 1000} s`;
    }
    await sleep(10);
  }
  return ended;
}
