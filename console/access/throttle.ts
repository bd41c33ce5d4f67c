const MOST_KEYS = 10_000;

export interface Throttle {
  /** Milliseconds until `key` may try again; 0 when it may now. */
  waitMs(key: string): number;
  /** Counts a failure. */
  fail(key: string): void;
}

/** After `most` failures within `perMs`, no further try until that time is over. */
export function createThrottle({ most, perMs, now = Date.now }: { most: number; perMs: number; now?: () => number }) {
  const failures = new Map<string, { count: number; until: number }>();

  const current = (key: string) => {
    const entry = failures.get(key);
    return entry && entry.until > now() ? entry : undefined;
  };

  const throttle: Throttle = {
    waitMs(key) {
      const entry = current(key);
      return entry && entry.count >= most ? entry.until - now() : 0;
    },
    fail(key) {
      const entry = current(key);
      if (entry) {
        entry.count += 1;
        return;
      }
      failures.delete(key);
      // Oldest first: those are over, or about to be.
      if (failures.size >= MOST_KEYS) failures.delete(failures.keys().next().value ?? '');
      failures.set(key, { count: 1, until: now() + perMs });
    },
  };
  return throttle;
}
