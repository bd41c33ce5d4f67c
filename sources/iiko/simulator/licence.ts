import { randomUUID } from 'node:crypto';

export type Licence = ReturnType<typeof createLicence>;

/** Tokens and the connections they sit on. A token lives from its login, whatever is asked with it. */
export function createLicence(licences: number, lifetimeMs: number, now: () => number = Date.now) {
  const sessions = new Map<string, number>();
  const alive = (): number => {
    for (const [token, endsAt] of sessions) if (endsAt <= now()) sessions.delete(token);
    return sessions.size;
  };
  return {
    alive,
    free: (): number => licences - alive(),
    /** A new token, or undefined when every connection is taken. */
    login(): string | undefined {
      if (alive() >= licences) return undefined;
      const token = randomUUID();
      sessions.set(token, now() + lifetimeMs);
      return token;
    },
    isGood(token: string): boolean {
      alive();
      return sessions.has(token);
    },
    /** True when the token was alive. */
    end: (token: string): boolean => sessions.delete(token),
    endAll: (): void => sessions.clear(),
  };
}
