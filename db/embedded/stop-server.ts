import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import type { Layout } from './layout.ts';
import { runProgram } from './run-program.ts';
import { isServer, runningServer } from './running-server.ts';
import type { ServerUser } from './server-user.ts';

const TIMEOUT_S = 60;

/** Stops the server in order; when that takes too long, without a last checkpoint, which the next start makes up for. */
export async function stopServer(layout: Layout, binaries: Binaries, user: ServerUser): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    const server = runningServer(layout);
    if (!server) return;
    await runProgram(user, binaries.pg_ctl, [
      ...['stop', '--silent', '--wait', `--timeout=${TIMEOUT_S}`, `--mode=${mode}`, `--pgdata=${layout.cluster}`],
    ]);
    // It removes its pid file a moment before it ends.
    for (let waited = 0; waited < 2_000 && isServer(server.pid, layout.cluster); waited += 10) await sleep(10);
  }
}
