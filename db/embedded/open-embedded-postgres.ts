import { type Binaries, findBinaries } from './binaries.ts';
import { waitUntilUsable } from './connect.ts';
import { dismissKeeper, ensureKeeper } from './ensure-keeper.ts';
import { initCluster } from './init-cluster.ts';
import { createLayout, type Layout } from './layout.ts';
import { underLock } from './lock.ts';
import { signIn } from './members.ts';
import { runningServer } from './running-server.ts';
import { chooseServerUser } from './server-user.ts';
import { type ServerSettings, startServer } from './start-server.ts';
import { stopWithoutMembers } from './stop-without-members.ts';

export interface EmbeddedPostgresOptions {
  /** Everything lies here: data in `postgres/`, `postgres.log`, the password, who uses it. Created when missing. */
  dataDir: string;
  /** Told what is being done when it takes a while: creating, starting, stopping. */
  log?: (message: string) => void;
  /** More PostgreSQL settings; they count only for the process that starts the server. */
  settings?: ServerSettings;
}

export interface EmbeddedPostgres {
  /** With the password: the server listens on 127.0.0.1 only. */
  url: string;
  /** Ends this use of the server; the last one to leave stops it. Close pools first. Safe to call again. */
  leave(): Promise<void>;
}

/**
 * A real PostgreSQL out of node_modules, shared by all processes that open the same folder: the first one starts it, the
 * others join, the last one to leave stops it, whoever started it. Throws EmbeddedPostgresError.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log = () => {}, settings = {} } = options;
  const binaries = await findBinaries();
  const layout = createLayout(dataDir);
  return await underLock(layout, async () => {
    const signOut = signIn(layout);
    try {
      ensureKeeper(layout);
      const server = runningServer(layout) ?? (await start(layout, binaries, settings, log));
      const url = await waitUntilUsable(layout, server.port);
      return { url, leave: leaveOnce(layout, signOut, log) };
    } catch (error) {
      signOut();
      if (await stopWithoutMembers(layout)) await dismissKeeper(layout);
      throw error;
    }
  });
}

async function start(layout: Layout, binaries: Binaries, settings: ServerSettings, log: (message: string) => void) {
  const user = chooseServerUser(layout, binaries);
  log(`starting the embedded PostgreSQL in ${layout.cluster}`);
  await initCluster(layout, binaries, user);
  return await startServer(layout, binaries, user, settings);
}

function leaveOnce(layout: Layout, signOut: () => void, log: (message: string) => void): () => Promise<void> {
  let left: Promise<void> | undefined;
  const leave = () =>
    underLock(layout, async () => {
      signOut();
      if (!(await stopWithoutMembers(layout))) return;
      await dismissKeeper(layout);
      log('stopped the embedded PostgreSQL: nothing uses it any more');
    });
  return () => {
    left ??= leave();
    return left;
  };
}
