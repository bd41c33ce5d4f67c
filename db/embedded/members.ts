import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** A process that uses the embedded server. */
export interface Member extends ProcessIdentity {
  /** ISO 8601. */
  since: string;
  /** What it runs, e.g. `start`; for `pmsync status`. */
  command: string;
}

/** Signs this process in; the returned function signs it out. One process may be in several times. */
export function signIn({ members }: Layout): () => void {
  const file = join(members, `${process.pid}-${randomBytes(4).toString('hex')}`);
  const member: Member = {
    ...identify(process.pid),
    since: new Date().toISOString(),
    command: process.argv[2] ?? 'node',
  };
  writeFileSync(file, JSON.stringify(member));
  return () => rmSync(file, { force: true });
}

/** The living members. Files of dead ones (kill -9, power cut) are removed on the way. */
export function liveMembers({ members }: Layout): Member[] {
  return filesIn(members).flatMap((name) => {
    const file = join(members, name);
    const member = read(file);
    if (member && isAlive(member)) return [member];
    // Written by a process that died while writing, or not written to the end yet by one that is alive.
    if (!member && isAlive({ pid: Number.parseInt(name, 10), started: null })) return [];
    rmSync(file, { force: true });
    return [];
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function read(file: string): Member | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Member;
  } catch {
    return undefined;
  }
}
