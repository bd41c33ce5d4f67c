import { flushLogger, type Logger } from '../log/create-logger.ts';

/** Aborted at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(name);
    });
  }
  return controller.signal;
}

export function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/**
 * For a process that has been told to stop: after so long it ends, whatever connection is still being closed. The work is done
 * by then or has been put back; what has not is taken up as after a kill.
 */
export function endWithin(ms: number, log: Logger): void {
  const end = () => {
    flushLogger(log);
    process.exit(process.exitCode ?? 0);
  };
  setTimeout(end, ms).unref();
}
