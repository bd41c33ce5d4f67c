import type { Requests } from './types.ts';

/** Every breach of what the vendor asks of its clients, as sentences. */
export function badManners(
  requests: Requests,
  licences: number,
  openSessions: number,
  { leastLoginPauseMs = 0, allLoggedOut = false }: { leastLoginPauseMs?: number; allLoggedOut?: boolean },
): string[] {
  const pauses = requests.refusedLogins.slice(1).map((at, n) => at - (requests.refusedLogins[n] as number));
  const shortest = Math.min(Number.POSITIVE_INFINITY, ...pauses);
  return [
    requests.maxInFlight > 1 && `${requests.maxInFlight} requests were in flight at once; the vendor wants one`,
    requests.maxSessions > licences && `${requests.maxSessions} sessions were alive at once on ${licences} licences`,
    requests.plainPasswords > 0 && `${requests.plainPasswords} logins sent the plain password`,
    shortest < leastLoginPauseMs && `a refused login was repeated after ${shortest} ms`,
    allLoggedOut && openSessions > 0 && `${openSessions} sessions were left behind`,
  ].filter((breach) => breach !== false);
}
