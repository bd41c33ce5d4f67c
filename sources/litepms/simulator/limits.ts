/** A sliding window per hotel. Requests refused by it do not count. Returns the seconds to wait, 0 when let in. */
export function createLimiter(limits: { read: number } | null, windowMs: number) {
  const windows = new Map<string, number[]>();
  return (hotel: string, now: number): number => {
    if (!limits) return 0;
    const times = windows.get(hotel) ?? [];
    windows.set(hotel, times);
    while (times.length > 0 && (times[0] as number) <= now - windowMs) times.shift();
    if (times.length >= limits.read) return Math.max(1, Math.ceil(((times[0] ?? now) + windowMs - now) / 1000));
    times.push(now);
    return 0;
  };
}
