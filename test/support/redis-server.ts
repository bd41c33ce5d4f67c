import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

/** A Redis of a test's own, to be killed, frozen and started again. */
export interface TestRedis {
  url: string;
  port: number;
  pid(): number;
  /** SIGKILL, as a power cut. */
  kill(): Promise<void>;
  /** On the same port; with its data only when it was started with `appendOnly`. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its files. Safe to call after `kill`. */
  stop(): Promise<void>;
}

export interface StartRedisOptions {
  port?: number;
  /** Keeps the data over a restart; every write reaches the disk. */
  appendOnly?: boolean;
  /** More lines of its configuration. What it writes there itself, e.g. as a node of a cluster, outlives a restart. */
  settings?: Record<string, string | number>;
}

export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Starts a `redis-server` on 127.0.0.1. Throws when that program is not installed. */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestRedis> {
  const { port: wanted, ...rest } = options;
  if (!hasRedisServer()) throw new Error('redis-server is not installed. Debian, Ubuntu: apt-get install redis-server');
  const port = wanted ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-redis-'));
  let server = await launch(port, folder, rest);
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    server.kill('SIGCONT');
    await once(server, 'exit');
  };
  const killOnExit = () => server.kill('SIGKILL');
  process.once('exit', killOnExit);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: () => server.pid ?? 0,
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGKILL');
      server = await launch(port, folder, rest);
    },
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    stop: async () => {
      await end('SIGTERM');
      process.removeListener('exit', killOnExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(
  port: number,
  folder: string,
  { appendOnly = false, settings: more }: StartRedisOptions,
): Promise<ChildProcess> {
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: folder,
    save: '',
    appendonly: appendOnly ? 'yes' : 'no',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    ...more,
  };
  // From standard input, so that nothing of /etc/redis is read.
  const server = spawn('redis-server', ['-'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  server.stdin.end(
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`)
      .join(''),
  );
  let log = '';
  server.stdout.on('data', (chunk) => {
    log += chunk;
  });
  await waitFor(() => server.exitCode !== null || answersPing(port), { describe: `Redis answers on port ${port}` });
  if (server.exitCode !== null) throw new Error(`redis-server did not start on port ${port}:\n${log}`);
  server.stdout.removeAllListeners('data').resume();
  return server;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve(false));
  });
}
