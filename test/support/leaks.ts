import type { Socket } from 'node:net';
import { waitFor } from './wait-for.ts';

/** What keeps a process alive after its work: connections (pools, queues, workers), servers, child processes. */
const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap'];
const GRACE_MS = 3_000;

export type OpenResources = Record<string, number>;

export function openResources(): OpenResources {
  const active = process.getActiveResourcesInfo();
  return Object.fromEntries(KINDS.map((kind) => [kind, active.filter((resource) => resource === kind).length]));
}

/** Fails when more is open than `before`. Sockets that are about to close get a moment. */
export async function assertNothingLeftOpen(before: OpenResources, graceMs = GRACE_MS): Promise<void> {
  const leftOver = () => KINDS.filter((kind) => (openResources()[kind] ?? 0) > (before[kind] ?? 0));
  try {
    await waitFor(() => leftOver().length === 0, { describe: 'everything is closed', timeoutMs: graceMs });
  } catch {
    throw new Error(
      `This file left something open: ${leftOver().join(', ')} (${describeSockets()}). Close every worker, queue, pool, server and child process in afterEach or afterAll.`,
    );
  }
}

function describeSockets(): string {
  // Undocumented, and only for the message: the documented list has no addresses.
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles?: () => Partial<Socket>[] };
  const addresses = (handles?.call(process) ?? [])
    .filter((handle) => handle.remotePort !== undefined)
    .map((handle) => `${handle.remoteAddress}:${handle.remotePort}`);
  return addresses.length > 0 ? `connected to ${addresses.join(', ')}` : 'no connected sockets';
}
