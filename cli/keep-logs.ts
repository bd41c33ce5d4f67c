import { type Logger, logFileOf } from '../log/create-logger.ts';
import { forgetOldLogs } from '../log/forget-old-logs.ts';

const HOUR_MS = 3_600_000;

/** Removes old log files now and every hour; each process cares for the folder it writes to. Answers how to stop. */
export function keepLogs(log: Logger, dir: string, olderThanMs: number | undefined): () => void {
  if (olderThanMs === undefined) return () => {};
  const forget = () => {
    const removed = forgetOldLogs(dir, logFileOf(log), olderThanMs);
    if (removed > 0) log.info({ removed }, 'removed old log files');
  };
  forget();
  const clock = setInterval(forget, HOUR_MS).unref();
  return () => clearInterval(clock);
}
