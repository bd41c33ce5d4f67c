import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from '../../db/embedded/binaries.ts';
import { embeddedPostgresStatus, openEmbeddedPostgres } from '../../db/embedded/index.ts';
import { createLayout } from '../../db/embedded/layout.ts';
import { chooseServerUser, type ServerUser } from '../../db/embedded/server-user.ts';
import { type ServerSettings, startServer } from '../../db/embedded/start-server.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { waitFor } from './wait-for.ts';

const SECOND = 1000;

/** A PostgreSQL that nobody else uses, with the schema, and without a keeper's care: what breaks it is not repaired by anybody. */
export interface OwnPostgres {
  url: string;
  port: number;
  /** Who runs it, when that is not us. */
  user(): ServerUser;
  /** An immediate shutdown: every connection is cut, nothing is written down in order. */
  crash(): Promise<void>;
  /** A shutdown in order, as for an upgrade: clients are told, and then cut off. */
  shutDown(): Promise<void>;
  /** After either of them, on the same port. */
  start(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

export async function startOwnPostgres(settings: ServerSettings = {}): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pmsync-crash-'));
  const removeData = () => rmSync(dataDir, { recursive: true, force: true });
  const postgres = await openEmbeddedPostgres({ dataDir, settings }).catch((error: unknown) => {
    removeData();
    throw error;
  });
  const { port = 0 } = embeddedPostgresStatus(dataDir);
  const [layout, binaries] = [createLayout(dataDir), await findBinaries()];
  const user = () => chooseServerUser(layout, binaries);
  const end = async (signal: NodeJS.Signals) => {
    process.kill(embeddedPostgresStatus(dataDir).pid ?? 0, signal);
    await waitFor(() => !embeddedPostgresStatus(dataDir).running, {
      describe: 'PostgreSQL has ended',
      timeoutMs: 60 * SECOND,
    });
  };
  const remove = async () => {
    await postgres.leave();
    removeData();
  };
  try {
    await migrateToLatest(postgres.url);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url: postgres.url,
    port,
    user,
    crash: () => end('SIGQUIT'),
    shutDown: () => end('SIGINT'),
    start: async () => void (await startServer(layout, binaries, user(), settings)),
    remove,
  };
}
