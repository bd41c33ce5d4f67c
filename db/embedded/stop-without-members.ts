import { findBinaries } from './binaries.ts';
import type { Layout } from './layout.ts';
import { liveMembers } from './members.ts';
import { runningServer } from './running-server.ts';
import { chooseServerUser } from './server-user.ts';
import { stopServer } from './stop-server.ts';

/** Stops the server unless somebody uses it; true when nobody does. Call it under the lock. */
export async function stopWithoutMembers(layout: Layout): Promise<boolean> {
  if (liveMembers(layout).length > 0) return false;
  if (!runningServer(layout)) return true;
  const binaries = await findBinaries();
  await stopServer(layout, binaries, chooseServerUser(layout, binaries));
  return true;
}
