import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Layout } from './layout.ts';

const ORPHAN_TIMEOUT_MS = 10_000;

/**
 * After a kill -9 of the server: waits for the children it left, which may still write to the data, then removes its pid
 * file, which would stop the next start if its pid went to another process. Without /proc PostgreSQL decides by itself.
 */
export async function clearCrash({ cluster }: Layout): Promise<void> {
  if (process.platform !== 'linux') return;
  const deadline = Date.now() + ORPHAN_TIMEOUT_MS;
  for (let orphans = processesIn(cluster); orphans.length > 0; orphans = processesIn(cluster)) {
    if (Date.now() > deadline) for (const pid of orphans) kill(pid);
    await sleep(20);
  }
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

/** Every process of a server works in its data folder. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
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
