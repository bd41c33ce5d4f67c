import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/** The port of the last start when it is free and this is the first attempt, else any free one of 127.0.0.1. */
export async function choosePort(layout: Layout, attempt: number): Promise<number> {
  const last = attempt === 1 ? lastPort(layout) : undefined;
  return (last && (await reserve(last))) || (await reserve(0)) || 0;
}

/** PostgreSQL keeps its last command line. */
function lastPort({ cluster }: Layout): number | undefined {
  try {
    const port = /"-p" "(\d+)"/.exec(readFileSync(join(cluster, 'postmaster.opts'), 'utf8'))?.[1];
    return port ? Number(port) : undefined;
  } catch {
    return undefined;
  }
}

function reserve(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}
