import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitForOptions {
  /** What is awaited, as a statement: `the booking is applied`. Said when it does not happen. */
  describe: string;
  timeoutMs?: number;
  intervalMs?: number;
}

type Falsy = false | null | undefined | 0 | '';

/**
 * Asks again and again until the answer is truthy and returns that answer. A condition that throws counts as "not yet";
 * its last error is the cause of the failure.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { describe, timeoutMs = 10_000, intervalMs = 20 }: WaitForOptions,
): Promise<Exclude<T, Falsy>> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = await condition();
      if (last) return last as Exclude<T, Falsy>;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) break;
    await sleep(intervalMs);
  }
  const seen = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`After ${timeoutMs} ms it was still not so that ${describe} (last seen: ${seen})`, {
    cause: last,
  });
}
