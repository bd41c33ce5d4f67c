/** `2026-11-21 19:43:33.330`, UTC, of an ISO time. For columns that say which zone they are in. */
export function utc(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '');
}

/** The same where nothing else says the zone. */
export function utcText(iso: string): string {
  return `${utc(iso)} UTC`;
}
