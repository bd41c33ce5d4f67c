const TIMEOUT_MS = 2000;

export interface ProbeAnswer {
  /** Absent when it answered well. */
  error?: Error;
  ms: number;
}

/**
 * Asks something that may hang. It is asked again only after it has answered: a server that is away would else gather
 * questions.
 */
export function createProbe(ask: () => Promise<unknown>, timeoutMs = TIMEOUT_MS): () => Promise<ProbeAnswer> {
  let asking: Promise<Error | undefined> | undefined;
  return async () => {
    const startedAt = performance.now();
    asking ??= ask()
      .then(() => undefined, asError)
      .finally(() => {
        asking = undefined;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Error>((resolve) => {
      timer = setTimeout(() => resolve(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    const error = await Promise.race([asking, late]);
    clearTimeout(timer);
    return { ...(error && { error }), ms: Math.round(performance.now() - startedAt) };
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
