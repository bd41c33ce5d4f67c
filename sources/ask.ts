import { Unavailable } from './errors.ts';
import { readAnswer } from './record-bytes.ts';
import type { VendorAnswer } from './vendor-answer.ts';

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

export interface TextRequest {
  /** A parameter may stand there several times. */
  query?: readonly (readonly [string, string])[];
  /** Makes it a POST of JSON. Never logged. */
  json?: unknown;
  /** Default: the connection's. */
  timeoutMs?: number;
  /** What of the request must not turn up in a message, besides the account's credentials. */
  secrets?: readonly string[];
}

/** What a source talks to its vendor with. Every call is one request (one more when a session had just expired). */
export interface Http {
  /** GET (with a form: POST) `baseUrl + path` → parsed JSON; a number that a float would change is its text. Throws a `SourceError`, never an error of the HTTP library (those carry secrets). */
  getJson(path: string, request?: JsonRequest): Promise<unknown>;
  /** GET (with `json`: POST) `baseUrl + path` → the body of a good answer, whatever it is. Throws a `SourceError`. */
  getText(path: string, request?: TextRequest): Promise<string>;
}

/** A request as it goes out. */
export interface Outgoing {
  path: string;
  query: readonly (readonly [string, string])[];
  body?: { type: string; text: string };
  timeoutMs: number;
  secrets: readonly string[];
  /** Statuses whose answer is the caller's business. */
  tolerates?: (answer: VendorAnswer) => boolean;
}

/** The ways to ask, on top of one exchange. */
export function httpOf(
  exchange: (outgoing: Outgoing) => Promise<VendorAnswer>,
  { timeoutMs, fields }: { timeoutMs: number; fields: Fields },
): Http {
  return {
    async getJson(path, { query = {}, form, absentOn = [], answersOn = [] } = {}) {
      const outgoing: Outgoing = {
        path,
        query: Object.entries(query).map(([name, value]) => [name, String(value)]),
        ...(form && { body: { type: FORM, text: formBody(form) } }),
        timeoutMs,
        secrets: [],
        tolerates: (answer) =>
          absentOn.includes(answer.status) || (answersOn.includes(answer.status) && isJsonObject(answer.body)),
      };
      const answer = await exchange(outgoing);
      const { status } = answer;
      if (absentOn.includes(status)) return undefined;
      return parseJson(answer, nameOf(outgoing), { ...fields, status });
    },
    async getText(path, { query = [], json, timeoutMs: own = timeoutMs, secrets = [] } = {}) {
      const body = json === undefined ? {} : { body: { type: JSON_BODY, text: JSON.stringify(json) } };
      return (await exchange({ path, query, ...body, timeoutMs: own, secrets })).body;
    },
  };
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_BODY = 'application/json; charset=utf-8';

function formBody(form: Form): string {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    if (typeof value === 'string') body.append(name, value);
    else for (const one of value) body.append(`${name}[]`, one);
  }
  return body.toString();
}

/** The request as a message may name it: query and form hold credentials. */
export function nameOf({ path, body }: Pick<Outgoing, 'path' | 'body'>): string {
  return `${body ? 'POST' : 'GET'} ${path}`;
}

type Fields = { source: string; account: string; status?: number };

function parseJson(answer: VendorAnswer, what: string, fields: Fields): unknown {
  try {
    return readAnswer(answer.bytes);
  } catch {
    const { body } = answer;
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
