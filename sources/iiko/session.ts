import type { Account, Session } from '../define-source.ts';
import { Unauthorized, Unavailable } from '../errors.ts';
import type { Http } from '../http.ts';
import { hashPassword } from './password.ts';

type Context = { account: Account; http: Pick<Http, 'getText'> };

const MINUTE = 60_000;
/** A token lives an hour from its login, whatever is done with it; it is given back and replaced before that. */
const LIFETIME_MS = 50 * MINUTE;
/** Who leaves does not wait long for a farewell. */
const LOGOUT_TIMEOUT_MS = 5000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * README.md §2. Takes a licence connection. Throws `RateLimited` when all are taken, `Unauthorized` for a wrong
 * password, `Unavailable` for anything that is no token: a page of a starting server has status 200 too.
 */
export async function openSession({
  account,
  http,
  now = Date.now,
}: Context & { now?: () => number }): Promise<Session> {
  const { login = '', password = '' } = account.credentials;
  const pass = hashPassword(password);
  const query: [string, string][] = [
    ['login', login],
    ['pass', pass],
  ];
  const token = (await http.getText('/auth', { query, secrets: [pass] })).trim();
  // The body is not quoted: it may be a token in a form that we do not know.
  if (!UUID.test(token)) {
    const fields = { source: account.source, account: account.name };
    throw new Unavailable('GET /auth: answered something that is no token', fields);
  }
  return { token, expiresAt: new Date(now() + LIFETIME_MS) };
}

/** Gives the licence connection back. Content when the session was dead already. */
export async function closeSession({ http, session }: Context & { session: Session }): Promise<void> {
  await http
    .getText('/logout', { query: [['key', session.token]], secrets: [session.token], timeoutMs: LOGOUT_TIMEOUT_MS })
    .catch((error: unknown) => {
      if (!(error instanceof Unauthorized)) throw error;
    });
}

/** As a cookie, so that the token is in no URL. */
export const authorize = ({ token }: Session): Record<string, string> => ({ cookie: `key=${token}` });
