import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { RequestError, TimeoutError } from 'got';
import type { Account, Session, SourceDefinition } from './define-source.ts';
import { Interrupted, RateLimited, Rejected, TimedOut, Unauthorized, Unavailable } from './errors.ts';
import { parseRetryAfter } from './retry-after.ts';
import { createSessionHolder } from './session.ts';

export type Query = Record<string, string | number>;

/** Fields of a form. A list is sent as `name[]`, once for each of its values. */
export type Form = Record<string, string | readonly string[]>;

export interface JsonRequest {
  query?: Query;
  /** Makes it a POST of `application/x-www-form-urlencoded`. */
  form?: Form;
  /** Statuses below 500 that the caller understands; `getJson` returns undefined for them. */
  absentOn?: readonly number[];
  /** Statuses from 400 to 499 whose body is an answer like any other, where it is JSON. */
  answersOn?: readonly number[];
}

/** What a source talks to its vendor with. Every call is one request (one more when a session had just expired). */
export interface Http {
  /** GET (with a form: POST) `baseUrl + path` → parsed JSON. Throws a `SourceError`, never an error of the HTTP library (those carry secrets). */
  getJson(path: string, request?: JsonRequest): Promise<unknown>;
}

export interface CountedHttp extends Http {
  /** Requests sent through this view so far, those that failed included. */
  requests(): number;
}

/** One account's way to its vendor. */
export interface SourceConnection {
  /** A view that counts its own requests; all views share session and connections. */
  open(): CountedHttp;
  /** Forgets the session and closes the connections. What is under way, or asked for later, ends with `Interrupted`. */
  close(): void;
}

export interface HttpOptions {
  timeoutMs?: number;
  /** See `SessionOptions`. */
  sessionPaceMs?: number;
}

const SECOND = 1000;
const agents = () => ({ http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) });

/** Keeps connections open, shares one session, and turns every fault into one of our errors. */
export function connectSource(source: SourceDefinition, account: Account, options: HttpOptions = {}): SourceConnection {
  const { timeoutMs = 15 * SECOND, sessionPaceMs = 0 } = options;
  const agent = agents();
  let closed = false;
  const fields = { source: source.name, account: account.name };
  const secrets = Object.values(account.credentials).filter((secret) => secret.length > 3);

  async function send(
    path: string,
    { query = {}, form, absentOn = [], answersOn = [] }: JsonRequest,
    headers: Record<string, string>,
    count?: () => void,
  ) {
    const url = new URL(account.baseUrl.replace(/\/$/, '') + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const what = nameOf(path, form);
    if (closed) throw new Interrupted(`${what}: not asked, we are leaving`, fields);
    count?.();
    const answer = await got(url, {
      agent,
      ...(form && { method: 'POST', body: formBody(form) }),
      headers: { ...(form && FORM), accept: 'application/json', ...headers },
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      timeout: { request: timeoutMs },
    }).catch((error: unknown) => {
      throw closed ? new Interrupted(`${what}: cut off, we are leaving`, fields) : networkFault(error, what, fields);
    });
    const status = answer.statusCode;
    if (status >= 200 && status < 300) return parseJson(answer.body, what, { ...fields, status });
    if (absentOn.includes(status)) return undefined;
    if (answersOn.includes(status) && isJsonObject(answer.body)) return parseJson(answer.body, what, fields);
    const said = vendorMessage(answer.body, secrets);
    if (status === 429) {
      const waitMs = parseRetryAfter(answer.headers['retry-after'], Date.now());
      throw new RateLimited(`${what}: asked to wait ${Math.ceil(waitMs / SECOND)} s (429)`, waitMs, {
        ...fields,
        status,
      });
    }
    if (status === 401) throw new Unauthorized(`${what}: not authorized (401)${said}`, { ...fields, status });
    if (status === 403)
      throw new Unauthorized(`${what}: forbidden (403)${said}. Check what this key may do.`, { ...fields, status });
    if (status >= 500 || status === 408)
      throw new Unavailable(`${what}: answered ${status}${said}`, { ...fields, status });
    if (status >= 300 && status < 400) {
      throw new Rejected(
        `${what}: redirects elsewhere (${status}); credentials are not sent after it. Correct baseUrl.`,
        { ...fields, status },
      );
    }
    throw new Rejected(`${what}: refused with ${status}${said}`, { ...fields, status });
  }

  const { openSession, authorize } = source;
  const session = openSession
    ? createSessionHolder(
        () => openSession({ account, http: { getJson: (path, request = {}) => send(path, request, {}) } }),
        { paceMs: sessionPaceMs },
      )
    : undefined;

  async function sendAuthorized(path: string, request: JsonRequest, count: () => void): Promise<unknown> {
    if (!session || !authorize) return send(path, request, {}, count);
    const current: Session = await session.get();
    try {
      return await send(path, request, authorize(current), count);
    } catch (error) {
      if (!(error instanceof Unauthorized) || error.fields.status !== 401) throw error;
      session.drop(current);
      const fresh = await session.get();
      return send(path, request, authorize(fresh), count).catch((again: unknown) => {
        if (!(again instanceof Unauthorized) || again.fields.status !== 401) throw again;
        // The credentials have just opened a session, so it is not they who are refused: a session can end at any moment.
        session.drop(fresh);
        throw new Unavailable(
          `${nameOf(path, request.form)}: not authorized (401), though the session was new`,
          again.fields,
        );
      });
    }
  }

  return {
    open() {
      let requests = 0;
      const count = () => {
        requests += 1;
      };
      return { getJson: (path, request = {}) => sendAuthorized(path, request, count), requests: () => requests };
    },
    close() {
      closed = true;
      session?.drop();
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function formBody(form: Form): string {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    if (typeof value === 'string') body.append(name, value);
    else for (const one of value) body.append(`${name}[]`, one);
  }
  return body.toString();
}

/** The request as a message may name it: query and form hold credentials. */
function nameOf(path: string, form: Form | undefined): string {
  return `${form ? 'POST' : 'GET'} ${path}`;
}

type Fields = { source: string; account: string; status?: number };

function parseJson(body: string, what: string, fields: Fields): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const kind = /^\s*</.test(body) ? 'HTML' : body.length === 0 ? 'nothing' : 'broken JSON';
    throw new Unavailable(`${what}: answered ${kind} where JSON was due`, fields);
  }
}

function isJsonObject(body: string): boolean {
  try {
    return /^\s*\{/.test(body) && typeof JSON.parse(body) === 'object';
  } catch {
    return false;
  }
}

function networkFault(error: unknown, what: string, fields: Fields): Unavailable {
  const code = error instanceof RequestError ? error.code : 'unknown fault';
  // The library's error is not passed on as cause: it holds headers, the form and the whole URL.
  if (error instanceof TimeoutError) return new TimedOut(`${what}: no answer in time (${code})`, fields);
  return new Unavailable(`${what}: no answer (${code})`, fields);
}

/** The vendor's own words, when it sends any as JSON, shortened and without our secrets. */
function vendorMessage(body: string, secrets: readonly string[]): string {
  if (body.length > 100_000 || !/^\s*[{[]/.test(body)) return '';
  try {
    const { error, errors, message } = JSON.parse(body) as Record<string, unknown>;
    const text = [error, message, ...(Array.isArray(errors) ? errors : [errors])]
      .filter((part) => typeof part === 'string')
      .join('; ');
    const clean = secrets.reduce((said, secret) => said.replaceAll(secret, '[redacted]'), text);
    return clean && `: ${clean.slice(0, 200)}`;
  } catch {
    return '';
  }
}
