import type { Account, Session } from '../define-source.ts';
import { Unavailable } from '../errors.ts';
import type { Http } from '../http.ts';

/** README.md §2. How long a token lives is told differently (4 minutes, 4 hours): `exp` alone is trusted. */
export async function openSession({ account, http }: { account: Account; http: Http }): Promise<Session> {
  const answer = await http.getJson('/get_token', { query: { company_token: account.credentials.companyToken ?? '' } });
  const { token, exp } = (answer ?? {}) as { token?: unknown; exp?: unknown };
  const expiresAt = new Date(typeof exp === 'string' ? exp : Number.NaN);
  if (typeof token !== 'string' || token === '' || Number.isNaN(expiresAt.getTime())) {
    throw new Unavailable('GET /get_token: answered without a token or its end', {
      source: account.source,
      account: account.name,
    });
  }
  return { token, expiresAt };
}
