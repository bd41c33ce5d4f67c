import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Layout } from './layout.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** Starts the keeper unless it runs. Call it under the lock, after signing in. */
export function ensureKeeper(layout: Layout): void {
  const keeper = readKeeper(layout);
  if (keeper && isAlive(keeper)) return;
  const script = fileURLToPath(new URL('keeper.ts', import.meta.url));
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [script, layout.dataDir], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: { PATH },
  });
  // Without a keeper everything still works, only a kill -9 of the last member leaves the server up till the next command.
  child.on('error', () => {});
  child.unref();
  if (child.pid) writeFileSync(layout.keeper, JSON.stringify(identify(child.pid)));
}

/** Ends the keeper and waits until it is gone. Call it under the lock. */
export async function dismissKeeper(layout: Layout): Promise<void> {
  const keeper = readKeeper(layout);
  if (keeper && isAlive(keeper)) {
    process.kill(keeper.pid, 'SIGTERM');
    for (let waited = 0; isAlive(keeper) && waited < 2_000; waited += 10) await sleep(10);
  }
  rmSync(layout.keeper, { force: true });
}

function readKeeper({ keeper }: Layout): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(keeper, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
