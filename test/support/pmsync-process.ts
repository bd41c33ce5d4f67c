import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { RentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { waitFor } from './wait-for.ts';

/** How a process ended, and what it said. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  ms: number;
}

/** A `./pmsync` that runs. */
export interface PmsyncProcess {
  pid: number;
  /** So far. */
  stdout(): string;
  stderr(): string;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Throws, with what the process said, when it still runs after `timeoutMs`. */
  ended(timeoutMs?: number): Promise<Ended>;
}

/** A folder to run `./pmsync` in: settings, data, logs. */
export interface PmsyncHome {
  folder: string;
  dataDir: string;
  start(args: readonly string[], env?: Env): PmsyncProcess;
  /** Runs a command to its end. */
  run(args: readonly string[], env?: Env): Promise<Ended>;
  /** What a command prints with `--json`; throws when that is no JSON. */
  json<T>(args: readonly string[], env?: Env): Promise<T>;
  writeSettings(settings: unknown): void;
  /** Everything that the processes of this folder have logged; of one process when its pid is given. */
  logs(pid?: number): string;
  /** Processes that work in the folder or were told about it: pmsync itself, PostgreSQL, its keeper. */
  processes(): { pid: number; command: string }[];
  /** Kills what still runs, and removes the folder. */
  remove(): Promise<void>;
}

export type Env = Record<string, string | undefined>;

export interface HomeOptions {
  /** Gets an account per branch in a `pmsync.yaml`; without it there is no settings file. */
  simulator?: RentprogSimulator;
  /** Of RentProg; by default so many that hardly anything waits. */
  limits?: Record<string, string>;
  /** Of RentProg; by default nothing is scheduled. */
  schedule?: Record<string, string>;
  /** Besides RentProg, the hotel of our own. */
  hasHotel?: boolean;
  env?: Env;
}

const SECOND = 1000;
/** Absolute: the processes run elsewhere. */
const PMSYNC = fileURLToPath(new URL('../../pmsync', import.meta.url));
const UNLIMITED = { read: '6000/min', search: '6000/min', auth: '6000/min' };
const UNSCHEDULED = { clients: 'off', cars: 'off', bookings: 'off', full: 'off' };

export function createHome(options: HomeOptions = {}): PmsyncHome {
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-home-'));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  const [dataDir, logDir] = [join(folder, 'data'), join(folder, 'logs')];
  mkdirSync(logDir);
  const started: PmsyncProcess[] = [];

  const home: PmsyncHome = {
    folder,
    dataDir,
    start(args, env = {}) {
      const environment = { ...ownEnvironment(), PMSYNC_DATA_DIR: dataDir, LOG_DIR: logDir, PORT: '0', ...options.env };
      const child = launch(args, folder, { ...environment, ...env });
      started.push(child);
      return child;
    },
    run: (args, env) => home.start(args, env).ended(),
    async json<T>(args: readonly string[], env?: Env) {
      const { stdout, stderr, code } = await home.run([...args, '--json'], env);
      try {
        return JSON.parse(stdout) as T;
      } catch (cause) {
        throw new Error(`pmsync ${args.join(' ')} (exit ${code}) printed no JSON:\n${stdout}\n${stderr}`, { cause });
      }
    },
    writeSettings: (settings) => {
      writeFileSync(join(folder, 'pmsync.yaml'), typeof settings === 'string' ? settings : stringify(settings));
    },
    logs(pid) {
      const lines = readdirSync(logDir).flatMap((name) => readFileSync(join(logDir, name), 'utf8').split('\n'));
      return lines.filter((line) => pid === undefined || line.includes(`"pid":${pid},`)).join('\n');
    },
    processes: () => processesOf(folder),
    async remove() {
      for (const child of started) {
        if (child.isRunning()) child.kill('SIGKILL');
        await child.ended();
      }
      await waitFor(() => home.processes().length === 0, {
        describe: `nothing runs in ${folder} any more`,
        timeoutMs: 20 * SECOND,
      }).finally(() => {
        for (const { pid } of home.processes()) kill(pid);
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      });
    },
  };
  if (options.simulator) writeSettingsFor(options.simulator, home, options);
  return home;
}

/** The tokens are in `.env`, as an operator has them. */
function writeSettingsFor(
  { url, branches }: RentprogSimulator,
  home: PmsyncHome,
  { limits = UNLIMITED, schedule = UNSCHEDULED, hasHotel }: HomeOptions,
): void {
  const accounts = branches.map(({ name, timezone, currency }) => {
    return [name, { companyToken: `\${TOKEN_OF_${name.toUpperCase()}}`, timezone, currency }];
  });
  home.writeSettings({
    sources: {
      rentprog: { baseUrl: url, limits, schedule, accounts: Object.fromEntries(accounts) },
      ...(hasHotel && { hotel: { accounts: { house: { timezone: 'Europe/Moscow', currency: 'RUB' } } } }),
    },
  });
  const tokens = branches.map(({ name, companyToken }) => `TOKEN_OF_${name.toUpperCase()}=${companyToken}\n`);
  writeFileSync(join(home.folder, '.env'), tokens.join(''), { mode: 0o600 });
}

/** Of the environment of the tests only what programs need. */
function ownEnvironment(): Env {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, LANG: 'C.UTF-8' };
}

/** A test run that ends early takes its processes along. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function launch(args: readonly string[], cwd: string, env: Env): PmsyncProcess {
  const startedAt = performance.now();
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const child = spawn(PMSYNC, args, { cwd, env: Object.fromEntries(given), stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  running.add(child);
  const exit = once(child, 'close').then(([code, signal]): Ended => {
    running.delete(child);
    return { code, signal, ...said, ms: performance.now() - startedAt };
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    isRunning: () => isRunning(child),
    kill: (signal) => void child.kill(signal),
    async ended(timeoutMs = 90 * SECOND) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const fail = () =>
          reject(new Error(`pmsync ${args.join(' ')} still runs after ${timeoutMs} ms:\n${tail(said)}`));
        timer = setTimeout(fail, timeoutMs);
      });
      return Promise.race([exit, late]).finally(() => clearTimeout(timer));
    },
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function tail({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-25).join('\n');
}

function processesOf(folder: string): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const cwd = command === '' ? '' : readlinkSync(`/proc/${pid}/cwd`);
      return `${cwd}/`.startsWith(`${folder}/`) || command.includes(folder) ? [{ pid, command }] : [];
    } catch {
      return []; // it has just ended
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
