import type { Limits } from './types.ts';

type RateClass = keyof Limits;

const rateClassOf = (path: string): RateClass =>
  path === '/get_token' ? 'auth' : path.startsWith('/search_') ? 'search' : 'read';

/** A sliding window per branch and class. Requests refused by it do not count. Returns the seconds to wait, 0 when let in. */
export function createLimiter(limits: Limits | null, windowMs: number) {
  const windows = new Map<string, number[]>();
  return (branch: number, path: string, now: number): number => {
    if (!limits) return 0;
    const rateClass = rateClassOf(path);
    const key = `${branch} ${rateClass}`;
    const times = windows.get(key) ?? [];
    windows.set(key, times);
    while (times.length > 0 && (times[0] as number) <= now - windowMs) times.shift();
    if (times.length >= limits[rateClass]) return Math.max(1, Math.ceil(((times[0] ?? now) + windowMs - now) / 1000));
    times.push(now);
    return 0;
  };
}
