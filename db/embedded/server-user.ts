import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Layout } from './layout.ts';

/** Who runs the server: ourselves, or, because PostgreSQL refuses root, another user when we are root. */
export interface ServerUser {
  ids?: { uid: number; gid: number };
  /** A command to put in front, for a user who may not pass through a folder on the way (/root, a 0700 folder). */
  prefix: string[];
}

const USER = 'postgres';

export function chooseServerUser(layout: Layout, binaries: Binaries): ServerUser {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const ids = ownerOf(layout.cluster) ?? idsOf(USER) ?? createUser();
  const needed = [binaries.postgres, layout.dataDir];
  const user = [[], capability(ids, 'dac_read_search'), capability(ids, 'dac_override')]
    .map((prefix) => ({ ids, prefix }))
    .find((candidate) => needed.every((path) => canReach(candidate, path)));
  if (!user) throw unreachable(ids, needed);
  return user;
}

/** Runs as the server user; spawn's own uid change would come before the prefix could take its capability along. */
export function commandAs(user: ServerUser, program: string, args: string[]) {
  const [command, ...rest] = [...user.prefix, program, ...args] as [string, ...string[]];
  return { command, args: rest, ids: user.prefix.length ? {} : (user.ids ?? {}) };
}

export function giveTo(user: ServerUser, path: string): void {
  if (user.ids) chownSync(path, user.ids.uid, user.ids.gid);
}

/**
 * Keeps the uid change but lets the server through folders that only root may enter. The securebit makes access(2), with
 * which PostgreSQL looks for its own programs, count the capability too.
 */
function capability({ uid, gid }: { uid: number; gid: number }, name: string): string[] {
  const keep = [`--inh-caps=+${name}`, `--ambient-caps=+${name}`, '--securebits=+no_setuid_fixup'];
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...keep, '--'];
}

function canReach(user: ServerUser, path: string): boolean {
  const { command, args, ids } = commandAs(user, 'test', ['-x', path]);
  return spawnSync(command, args, { ...ids, cwd: '/', stdio: 'ignore' }).status === 0;
}

function unreachable(ids: { uid: number; gid: number }, needed: string[]): EmbeddedPostgresError {
  const blocked = needed.flatMap(ancestors).find((folder) => !canReach({ ids, prefix: [] }, folder)) ?? needed[0];
  return new EmbeddedPostgresError(
    'NO_PERMISSION',
    `PostgreSQL does not run as root, and the user "${USER}" (uid ${ids.uid}) it runs as instead may not enter ${blocked}. Run "chmod o+x ${blocked}", put pmsync (or PMSYNC_DATA_DIR) where that user can go, such as /opt or /srv, run pmsync as an ordinary user, or set DATABASE_URL to use a PostgreSQL of your own.`,
  );
}

/** From the root down, so that the first one that cannot be entered is the one to mend. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...ancestors(parent), path];
}

function ownerOf(cluster: string): { uid: number; gid: number } | undefined {
  const stats = statSync(cluster, { throwIfNoEntry: false });
  return stats && stats.uid !== 0 ? { uid: stats.uid, gid: stats.gid } : undefined;
}

function idsOf(name: string): { uid: number; gid: number } | undefined {
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function createUser(): { uid: number; gid: number } {
  const { stderr, error } = spawnSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', USER],
    { encoding: 'utf8' },
  );
  // Looked up whatever useradd said: another process may have created it in the same moment.
  const ids = idsOf(USER);
  if (ids) return ids;
  throw new EmbeddedPostgresError(
    'NO_PERMISSION',
    `PostgreSQL does not run as root, and the user "${USER}" to run it as could not be created (${(error?.message ?? stderr).trim()}). Create it, run pmsync as an ordinary user, or set DATABASE_URL to use a PostgreSQL of your own.`,
  );
}
