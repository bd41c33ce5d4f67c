/**
 * A small process beside the server: it stops the server when every member has died without leaving (kill -9, a closed
 * terminal). It is started by `ensure-keeper.ts` and ended by the last member that leaves in order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { findLayout } from './layout.ts';
import { underLock } from './lock.ts';
import { liveMembers } from './members.ts';
import { stopWithoutMembers } from './stop-without-members.ts';

const CHECK_EVERY_MS = 2_000;

const layout = findLayout(process.argv[2] ?? '.pmsync');
let stopped = false;
while (!stopped) {
  await sleep(CHECK_EVERY_MS);
  if (liveMembers(layout).length > 0) continue;
  stopped = await underLock(layout, () => stopWithoutMembers(layout));
}
