const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** JWT-looking tokens; all those of a branch are good at once until they expire or are revoked. */
export function createTokens(lifetimeMs: number) {
  const issued = new Map<string, { branch: number; expiresMs: number; revoked: boolean }>();
  let count = 0;
  return {
    issue(branch: number, companyId: number, now: number): { token: string; exp: string } {
      for (const [token, each] of issued) if (each.expiresMs <= now) issued.delete(token);
      const expiresMs = now + lifetimeMs;
      const claims = { company_id: companyId, jti: ++count, exp: Math.floor(expiresMs / 1000) };
      const token = `${encode({ alg: 'none' })}.${encode(claims)}.${'simulated'.repeat(3)}`;
      issued.set(token, { branch, expiresMs, revoked: false });
      return { token, exp: new Date(expiresMs).toISOString().replace('Z', '+00:00') };
    },
    /** Whose token it is, good or not; −1 for nobody's. */
    branchOf: (token: string): number => issued.get(token)?.branch ?? -1,
    isGood(token: string, now: number): boolean {
      const known = issued.get(token);
      return known !== undefined && !known.revoked && known.expiresMs > now;
    },
    revoke(token: string): void {
      const known = issued.get(token);
      if (known) known.revoked = true;
    },
  };
}
