/** `2026-11-21 09:00 (Asia/Tbilisi)` of an ISO time. */
export function timeIn(timezone: string, iso: string): string {
  return `${wallClock(timezone, iso)} (${timezone})`;
}

/** `2026-11-21` */
export function dayIn(timezone: string, iso: string): string {
  return wallClock(timezone, iso).slice(0, 10);
}

function wallClock(timeZone: string, iso: string): string {
  // Sweden writes times the way ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(iso));
}
