const SECOND = 1000;
const DEFAULT_MS = 60 * SECOND;
const LONGEST_MS = 15 * 60 * SECOND;

/** How long a 429 asks to wait: `Retry-After` in seconds or as an HTTP date; 60 s when absent or unreadable, 15 min at most. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number {
  if (header === undefined) return DEFAULT_MS;
  const text = header.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * SECOND : Date.parse(text) - nowMs;
  if (!Number.isFinite(waitMs)) return DEFAULT_MS;
  return Math.min(Math.max(waitMs, SECOND), LONGEST_MS);
}
