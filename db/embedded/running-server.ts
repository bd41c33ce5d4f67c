import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from './embedded-postgres-error.ts';
import type { Layout } from './layout.ts';
import { commandLineOf, respondsToSignal } from './process-identity.ts';

export interface RunningServer {
  pid: number;
  port: number;
  /** False while it starts (replays its log) or stops. */
  ready: boolean;
}

/** The server of this folder, if it runs. A postmaster.pid left by a crash, or naming a stranger, is not believed. */
export function runningServer({ cluster }: Layout): RunningServer | undefined {
  const lines = readPidFile(cluster)
    ?.split('\n')
    .map((line) => line.trim());
  if (!lines) return undefined;
  // https://www.postgresql.org/docs/18/storage-file-layout.html: pid, folder, start, port, socket folder, address, memory, state.
  const [pid, port, ready] = [Number(lines[0]), Number(lines[3]), lines[7] === 'ready'];
  return pid && port && isServer(pid, cluster) ? { pid, port, ready } : undefined;
}

/** Whether this pid is the server of this folder, not another process that got its number, and not a zombie. */
export function isServer(pid: number, cluster: string): boolean {
  if (!respondsToSignal(pid)) return false;
  return commandLineOf(pid)?.includes(cluster) ?? true;
}

function readPidFile(cluster: string): string | undefined {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw explainFailure('START_FAILED', 'Cannot look at the embedded PostgreSQL', cluster, String(error), error);
  }
}
