import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got from 'got';
import { type Http, httpOf, nameOf, type Outgoing } from './ask.ts';
import type { Account, Session, SourceDefinition } from './define-source.ts';
import { Interrupted, TimedOut, TooLarge, Unauthorized, Unavailable } from './errors.ts';
import { createSessionHolder } from './session.ts';
import { createLocalTurns, type Turn, type Turns } from './turns.ts';
import { networkFault, usualFault } from './usual-fault.ts';
import { type VendorAnswer, vendorAnswer } from './vendor-answer.ts';

export type { Form, Http, JsonRequest, Query, TextRequest } from './ask.ts';

export interface CountedHttp extends Http {
  /** Requests sent through this view so far, those that failed included. */
  requests(): number;
}

/** One account's way to its vendor. */
export interface SourceConnection {
  /** A view that counts its own requests, of one rate class; all views share session and connections. */
  open(rateClass?: string): CountedHttp;
  /** Ends the session at a vendor where one occupies something; content when none is open. Works after `close` too. */
  endSession(): Promise<void>;
  /** Forgets the session and closes the connections. What is under way, or asked for later, ends with `Interrupted`. */
  close(): void;
}

export interface HttpOptions {
  timeoutMs?: number;
  /** See `SessionOptions`. */
  sessionPaceMs?: number;
  /** For a source that is `sequential`: turns that all processes share. Without, this connection has its own. */
  turns?: Turns;
  around?: AroundRequest;
}

/** Called for every request that goes out, to send it; without a class it opens or closes a session. */
export type AroundRequest = (rateClass: string | undefined, send: () => Promise<VendorAnswer>) => Promise<VendorAnswer>;

/** Whose request it is. */
interface View {
  rateClass: string;
  requests: number;
}

const SECOND = 1000;
const USUAL_CLASS = 'read';
const MIB = 2 ** 20;
/** A page has thousands of records at most; what goes on after this fills the memory of the process. */
const LARGEST_ANSWER = 128 * MIB;
/** A vendor that has not answered in time is still at work on the request; the next one waits for so long at most. */
const AFTER_TIMEOUT_MS = 60 * SECOND;
/** And so long at most after a process has died in the middle of one: its jobs are taken over no sooner. */
const AFTER_DEATH_MS = 30 * SECOND;
const agents = () => ({ http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) });

type Send = (outgoing: Outgoing, headers: Record<string, string>, view?: View) => Promise<VendorAnswer>;

/** Keeps connections open, shares one session, and turns every fault into one of our errors. */
export function connectSource(source: SourceDefinition, account: Account, options: HttpOptions = {}): SourceConnection {
  const { timeoutMs = source.timeoutMs ?? 15 * SECOND, sessionPaceMs = 0, around = (_, ask) => ask() } = options;
  const mostBytes = source.largestAnswerBytes ?? LARGEST_ANSWER;
  const agent = agents();
  let closed = false;
  let leaving = false;
  const fields = { source: source.name, account: account.name };
  const credentials = Object.values(account.credentials).filter((secret) => secret.length > 3);

  const send: Send = async (outgoing, headers, view) => {
    const what = nameOf(outgoing);
    if (closed && !leaving) throw new Interrupted(`${what}: not asked, we are leaving`, fields);
    if (view) view.requests += 1;
    const answer = await around(view?.rateClass, () => exchangeOnce(outgoing, headers));
    if (outgoing.tolerates?.(answer)) return answer;
    const secrets = [...credentials, ...outgoing.secrets];
    const fault = (source.faultOf ?? usualFault)(answer, { what, secrets, ...fields });
    if (fault) throw fault;
    return answer;
  };

  async function exchangeOnce(outgoing: Outgoing, headers: Record<string, string>): Promise<VendorAnswer> {
    const url = new URL(account.baseUrl.replace(/\/$/, '') + outgoing.path);
    for (const [name, value] of outgoing.query) url.searchParams.append(name, value);
    const what = nameOf(outgoing);
    const { body } = outgoing;
    const cutOff = new AbortController();
    const asking = got(url, {
      agent,
      ...(body && { method: 'POST', body: body.text }),
      headers: { ...(body && { 'content-type': body.type }), accept: 'application/json', ...headers },
      retry: { limit: 0 },
      throwHttpErrors: false,
      responseType: 'buffer',
      followRedirect: false,
      timeout: { request: outgoing.timeoutMs },
      signal: cutOff.signal,
    });
    // Counted as it is unpacked: a small archive can hold any amount.
    asking.on('downloadProgress', ({ transferred }) => {
      if (transferred > mostBytes) cutOff.abort();
    });
    const response = await asking.catch((error: unknown) => {
      if (closed) throw new Interrupted(`${what}: cut off, we are leaving`, fields);
      if (cutOff.signal.aborted) throw new TooLarge(`${what}: answered more than ${mostBytes} bytes`, fields);
      throw networkFault(error, what, fields);
    });
    return vendorAnswer({
      status: response.statusCode,
      contentType: response.headers['content-type'] ?? '',
      bytes: response.body,
      retryAfter: response.headers['retry-after'],
    });
  }

  /** Requests outside any session: those that open and close one. */
  const plainly = (via: Send): Http => httpOf((outgoing) => via(outgoing, {}), { timeoutMs, fields });
  const exchange = source.sequential ? inTurn() : atWill();

  /** As many requests at once as the queue lets pass; the session is this process's own. */
  function atWill() {
    const { openSession, authorize } = source;
    const session = openSession
      ? createSessionHolder(() => openSession({ account, http: plainly(send) }), { paceMs: sessionPaceMs })
      : undefined;
    return {
      async send(outgoing: Outgoing, view: View): Promise<VendorAnswer> {
        if (!session || !authorize) return send(outgoing, {}, view);
        const current: Session = await session.get();
        try {
          return await send(outgoing, authorize(current), view);
        } catch (error) {
          if (!isExpired(error)) throw error;
          session.drop(current);
          const fresh = await session.get();
          return send(outgoing, authorize(fresh), view).catch((again: unknown) => {
            if (!isExpired(again)) throw again;
            session.drop(fresh);
            throw endedAtOnce(outgoing, again);
          });
        }
      },
      async end() {},
      drop: () => session?.drop(),
    };
  }

  /** One request after another, and one session for all processes: the old one is given back before a new one is opened. */
  function inTurn() {
    const turns = options.turns ?? createLocalTurns();

    const sendIn =
      (turn: Turn): Send =>
      async (outgoing, headers, view) => {
        await turn.begin(Math.min(outgoing.timeoutMs, AFTER_DEATH_MS));
        try {
          const answer = await send(outgoing, headers, view);
          await turn.answered();
          return answer;
        } catch (error) {
          // Cut off by us, it goes on over there; so does what we gave up waiting for.
          if (error instanceof TimedOut) await turn.begin(Math.min(outgoing.timeoutMs, AFTER_TIMEOUT_MS));
          else if (!(error instanceof Interrupted)) await turn.answered();
          throw error;
        }
      };

    async function endIn(turn: Turn): Promise<void> {
      const { session } = turn;
      if (!session) return;
      await source.closeSession?.({ account, http: plainly(sendIn(turn)), session });
      await turn.keep(null);
    }

    async function sessionIn(turn: Turn): Promise<Session | undefined> {
      if (!source.openSession) return undefined;
      if (turn.session && turn.session.expiresAt.getTime() > Date.now()) return turn.session;
      await endIn(turn);
      const session = await source.openSession({ account, http: plainly(sendIn(turn)) });
      await turn.keep(session);
      return session;
    }

    return {
      send: (outgoing: Outgoing, view: View): Promise<VendorAnswer> =>
        turns(async (turn) => {
          const authorized = async () => {
            const session = await sessionIn(turn);
            const headers = session ? (source.authorize?.(session) ?? {}) : {};
            const secrets = session ? [...outgoing.secrets, session.token] : outgoing.secrets;
            return sendIn(turn)({ ...outgoing, secrets }, headers, view);
          };
          try {
            return await authorized();
          } catch (error) {
            if (!isExpired(error) || !turn.session) throw error;
            await turn.keep(null);
            return authorized().catch(async (again: unknown) => {
              if (!isExpired(again) || !turn.session) throw again;
              await turn.keep(null);
              throw endedAtOnce(outgoing, again);
            });
          }
        }),
      end: () => turns(endIn),
      drop() {},
    };
  }

  return {
    open(rateClass = USUAL_CLASS) {
      const view: View = { rateClass, requests: 0 };
      const http = httpOf((outgoing) => exchange.send(outgoing, view), { timeoutMs, fields });
      return { ...http, requests: () => view.requests };
    },
    async endSession() {
      leaving = true;
      try {
        await exchange.end();
      } finally {
        leaving = false;
      }
    },
    close() {
      closed = true;
      exchange.drop();
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

function isExpired(error: unknown): error is Unauthorized {
  return error instanceof Unauthorized && error.fields.status === 401;
}

/** The credentials have just opened a session, so it is not they who are refused: a session can end at any moment. */
function endedAtOnce(outgoing: Outgoing, error: Unauthorized): Unavailable {
  return new Unavailable(`${nameOf(outgoing)}: not authorized (401), though the session was new`, error.fields);
}
