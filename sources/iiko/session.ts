import type { Account, Session } from '../define-source.ts';
import { Unauthorized, Unavailable } from '../errors.ts';
import { faultOf } from './faults.ts';
import { hashPassword } from './password.ts';
import type { TextHttp } from './vendor-answer.ts';

const MINUTE = 60_000;
/** A token lives an hour from its login, whatever is done with it; it is given back and replaced before that. */
const LIFETIME_MS = 50 * MINUTE;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * README.md §2. Takes a licence connection. Throws `RateLimited` when all are taken, `Unauthorized` for a wrong
 * password, `Unavailable` for anything that is no token: a page of a starting server has status 200 too.
 */
export async function openSession(context: { account: Account; http: TextHttp; now?: () => number }): Promise<Session> {
  const { account, http, now = Date.now } = context;
  const { login = '', password = '' } = account.credentials;
  const pass = hashPassword(password);
  const answer = await http.get('/auth', [
    ['login', login],
    ['pass', pass],
  ]);
  const what = 'GET /auth';
  const fields = { source: account.source, account: account.name };
  const fault = faultOf(answer, { what, ...fields, secrets: [login, password, pass] });
  if (fault) throw fault;
  const token = answer.body.trim();
  // The body is not quoted: it may be a token in a form that we do not know.
  if (!UUID.test(token)) throw new Unavailable(`${what}: answered something that is no token`, fields);
  return { token, expiresAt: new Date(now() + LIFETIME_MS) };
}

/** Gives the licence connection back. Content when the session was dead already. */
export async function closeSession(context: { account: Account; http: TextHttp; session: Session }): Promise<void> {
  const { account, http, session } = context;
  const answer = await http.get('/logout', [['key', session.token]]);
  const fault = faultOf(answer, {
    what: 'GET /logout',
    source: account.source,
    account: account.name,
    secrets: [session.token],
  });
  if (fault && !(fault instanceof Unauthorized)) throw fault;
}

/** As a cookie, so that the token is in no URL. */
export const authorize = ({ token }: Session): Record<string, string> => ({ cookie: `key=${token}` });
