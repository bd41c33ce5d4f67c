import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** Names that `openLogFile` gives; what else lies in the folder is nobody's business. */
const OURS = /^sync_\d{8}_\d{6}(_\d+)?\.log$/;

/**
 * Removes log files of ours in which nothing was written for so long, and answers how many. `own` is the caller's: it is
 * marked as fresh, because a process that has nothing to say for weeks still has its file open.
 */
export function forgetOldLogs(dir: string, own: string | undefined, olderThanMs: number, now = new Date()): number {
  if (own) ignoringFaults(() => utimesSync(own, now, now));
  let removed = 0;
  for (const name of ignoringFaults(() => readdirSync(dir)) ?? []) {
    if (!OURS.test(name)) continue;
    const path = join(dir, name);
    ignoringFaults(() => {
      const { mtimeMs } = statSync(path);
      if (mtimeMs >= now.getTime() - olderThanMs) return;
      rmSync(path);
      removed += 1;
    });
  }
  return removed;
}

/** Another process may have been faster, or may own the file; the next hour comes. */
function ignoringFaults<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
