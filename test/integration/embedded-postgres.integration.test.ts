import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Binaries, findBinaries } from '../../db/embedded/binaries.ts';
import { embeddedPostgresStatus, openEmbeddedPostgres } from '../../db/embedded/index.ts';
import { initCluster } from '../../db/embedded/init-cluster.ts';
import { createLayout } from '../../db/embedded/layout.ts';
import { chooseServerUser } from '../../db/embedded/server-user.ts';
import { startServer } from '../../db/embedded/start-server.ts';
import { stopServer } from '../../db/embedded/stop-server.ts';
import { waitFor } from '../support/wait-for.ts';

const MEMBER = fileURLToPath(new URL('../support/embedded-postgres-member.ts', import.meta.url));

let dataDir: string;
let children: ChildProcess[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pmsync-embedded-'));
  children = [];
});

afterEach(async () => {
  for (const child of children.filter(isRunning)) await kill(child);
  await waitFor(() => !embeddedPostgresStatus(dataDir).running, { describe: 'nothing runs any more' });
  await waitFor(() => leftProcesses().length === 0, { describe: 'no process is left behind' });
  rmSync(dataDir, { recursive: true, force: true });
});

describe('several processes at one embedded PostgreSQL', () => {
  it('share one server, which outlives its starter and ends with the last of them', async () => {
    const starter = await startMember();
    const other = await startMember();
    expect(other.url).toBe(starter.url);
    expect(embeddedPostgresStatus(dataDir).members.map((member) => member.pid)).toEqual(
      expect.arrayContaining([starter.child.pid, other.child.pid]),
    );

    await leave(starter.child);
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);

    await leave(other.child);
    expect(embeddedPostgresStatus(dataDir)).toMatchObject({ running: false, members: [] });
    expect(leftProcesses()).toEqual([]);
  });

  it('end with one server when four start at once in an empty folder', async () => {
    const members = await Promise.all([startMember(), startMember(), startMember(), startMember()]);
    expect(new Set(members.map((member) => member.url)).size).toBe(1);
    expect(embeddedPostgresStatus(dataDir).members).toHaveLength(4);

    await Promise.all(members.map((member) => leave(member.child)));
    expect(embeddedPostgresStatus(dataDir).running).toBe(false);
  });

  it('may be one process several times', async () => {
    const [one, other] = await Promise.all([openEmbeddedPostgres({ dataDir }), openEmbeddedPostgres({ dataDir })]);
    await one.leave();
    await one.leave();
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await other.leave();
    expect(embeddedPostgresStatus(dataDir).running).toBe(false);
  });
});

describe('after a crash', () => {
  it('a killed member does not keep the server up', async () => {
    const killed = await startMember();
    const other = await startMember();
    await kill(killed.child);
    expect(embeddedPostgresStatus(dataDir).members.map((member) => member.pid)).toEqual([other.child.pid]);
    await leave(other.child);
    expect(embeddedPostgresStatus(dataDir).running).toBe(false);
  });

  it('the next one joins the server of a killed starter, and its data are there', async () => {
    const killed = await startMember();
    await query(killed.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await kill(killed.child);
    const next = await openEmbeddedPostgres({ dataDir });
    expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await next.leave();
  });

  it('the server ends by itself when the only member is killed and nobody comes', async () => {
    const only = await startMember();
    await kill(only.child);
    await waitFor(() => !embeddedPostgresStatus(dataDir).running, { describe: 'the server has ended' });
  });

  it('a killed server is started again where it was, with its data', async () => {
    const member = await startMember();
    await query(member.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(embeddedPostgresStatus(dataDir).pid ?? 0, 'SIGKILL');
    await waitFor(() => !embeddedPostgresStatus(dataDir).running, { describe: 'the server is dead' });

    const next = await openEmbeddedPostgres({ dataDir });
    expect(next.url).toBe(member.url);
    expect(await query(member.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);

    await next.leave();
    expect(embeddedPostgresStatus(dataDir).running).toBe(true);
    await leave(member.child);
    expect(embeddedPostgresStatus(dataDir).running).toBe(false);
  });

  it('a half-made database is made anew', async () => {
    const starting = spawn(process.execPath, [MEMBER, dataDir], { stdio: 'pipe' });
    children.push(starting);
    const isAtWork = () => {
      const half = readdirSync(dataDir).find((name) => name.startsWith('postgres.new-'));
      return half !== undefined && readdirSync(join(dataDir, half)).includes('base');
    };
    await waitFor(isAtWork, { describe: 'initdb is at work', intervalMs: 1, timeoutMs: 60_000 });
    await kill(starting);
    const next = await openEmbeddedPostgres({ dataDir });
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
    await next.leave();
  });
});

describe.runIf(process.platform === 'linux')('a pid that now belongs to another process', () => {
  it('does not count as a member', async () => {
    const opened = await openEmbeddedPostgres({ dataDir });
    const stranger = { pid: process.ppid, started: 'another boot:1', since: '', command: '' };
    writeFileSync(join(dataDir, 'members', `${process.ppid}-0`), JSON.stringify(stranger));
    await opened.leave();
    expect(embeddedPostgresStatus(dataDir)).toMatchObject({ running: false, members: [] });
  });

  it('does not count as the server', async () => {
    await (await openEmbeddedPostgres({ dataDir })).leave();
    const pidFile = `${process.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`;
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), pidFile);
    const opened = await openEmbeddedPostgres({ dataDir });
    expect(await query(opened.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await opened.leave();
  });
});

describe('the server', () => {
  it('is safe, local and the same on every machine', async () => {
    const { url, leave: leaveServer } = await openEmbeddedPostgres({ dataDir });
    const setting = (name: string) => query(url, `SELECT current_setting('${name}') AS value`);
    expect(await setting('fsync')).toEqual([{ value: 'on' }]);
    expect(await setting('synchronous_commit')).toEqual([{ value: 'on' }]);
    expect(await setting('listen_addresses')).toEqual([{ value: '127.0.0.1' }]);
    expect(await setting('unix_socket_directories')).toEqual([{ value: '' }]);
    expect(await setting('server_encoding')).toEqual([{ value: 'UTF8' }]);
    expect(await query(url, "SELECT lower('ЁЛКА') AS lower, 'ёлка' ILIKE 'ЁЛ%' AS alike")).toEqual([
      { lower: 'ёлка', alike: true },
    ]);
    await leaveServer();
  });

  it('asks for a password that only the owner can read', async () => {
    const { url, leave: leaveServer } = await openEmbeddedPostgres({ dataDir });
    const file = join(dataDir, 'postgres.password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(url).toContain(readFileSync(file, 'utf8'));
    expect(embeddedPostgresStatus(dataDir).url).not.toContain(readFileSync(file, 'utf8'));
    await expect(query(url.replace(/:[^:]+@/, ':wrong@'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await leaveServer();
  });

  it.runIf(process.getuid?.() === 0)('runs for root with data and programs where only root may enter', async () => {
    const installed = await findBinaries();
    const copied = join(dataDir, 'native');
    cpSync(dirname(dirname(installed.postgres)), copied, { recursive: true, verbatimSymlinks: true });
    const [initdb, pg_ctl, postgres] = ['initdb', 'pg_ctl', 'postgres'].map((name) => join(copied, 'bin', name));
    const binaries = { initdb, pg_ctl, postgres } as Binaries;
    chmodSync(dataDir, 0o700);

    const layout = createLayout(join(dataDir, 'inside'));
    const user = chooseServerUser(layout, binaries);
    await initCluster(layout, binaries, user);
    expect((await startServer(layout, binaries, user, {})).ready).toBe(true);
    await stopServer(layout, binaries, user);
  });
});

describe('an error', () => {
  it('says that the data are of another PostgreSQL version', async () => {
    await (await openEmbeddedPostgres({ dataDir })).leave();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '12\n');
    await expect(openEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'WRONG_VERSION' });
    expect(embeddedPostgresStatus(dataDir)).toMatchObject({ running: false, members: [] });
  });

  it('says that the password is gone, and what to do', async () => {
    await (await openEmbeddedPostgres({ dataDir })).leave();
    rmSync(join(dataDir, 'postgres.password'));
    await expect(openEmbeddedPostgres({ dataDir })).rejects.toThrow(/Restore that file, or remove/);
    expect(embeddedPostgresStatus(dataDir)).toMatchObject({ running: false, members: [] });
  });

  it('says where the folder cannot be', async () => {
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    await expect(openEmbeddedPostgres({ dataDir: join(file, '.pmsync') })).rejects.toThrow(join(file, '.pmsync'));
  });
});

async function startMember(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MEMBER, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

async function leave(child: ChildProcess): Promise<void> {
  child.stdin?.write('leave\n');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Living processes whose command line names the data folder: server, keeper. */
function leftProcesses(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return [];
      }
    })
    .filter((commandLine) => commandLine.includes(dataDir));
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
