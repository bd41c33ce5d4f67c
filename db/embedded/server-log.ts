import { openSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { Layout } from './layout.ts';

const MAX_BYTES = 10 * 1024 * 1024;

export interface ServerLog {
  /** Open for appending; close it after the server was given it. */
  fd: number;
  /** Where this start begins. */
  startsAt: number;
}

/** Opens the log for the server; a long one is put aside first. */
export function openServerLog({ log }: Layout): ServerLog {
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(log, `${log}.1`);
  const fd = openSync(log, 'a', 0o600);
  return { fd, startsAt: statSync(log).size };
}

export function readServerLog({ log }: Layout, { startsAt }: ServerLog): string {
  return readFileSync(log).subarray(startsAt).toString('utf8');
}
