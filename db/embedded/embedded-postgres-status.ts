import { DATABASE } from './connect.ts';
import { SUPERUSER } from './init-cluster.ts';
import { findLayout } from './layout.ts';
import { liveMembers, type Member } from './members.ts';
import { runningServer } from './running-server.ts';

export interface EmbeddedPostgresStatus {
  running: boolean;
  dataDir: string;
  /** Without the password; undefined when it does not run. */
  url?: string;
  pid?: number;
  port?: number;
  members: Member[];
}

/** Looks, starts nothing and joins nothing. Throws EmbeddedPostgresError when the folder may not be read. */
export function embeddedPostgresStatus(dataDir: string): EmbeddedPostgresStatus {
  const layout = findLayout(dataDir);
  const server = runningServer(layout);
  const status = { dataDir: layout.dataDir, members: liveMembers(layout) };
  if (!server) return { running: false, ...status };
  const { pid, port } = server;
  return { running: true, url: `postgres://${SUPERUSER}@127.0.0.1:${port}/${DATABASE}`, pid, port, ...status };
}
