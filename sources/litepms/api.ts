import type { Account, FetchContext } from '../define-source.ts';
import { Unavailable } from '../errors.ts';
import { externalIdOf } from '../fields.ts';
import { refusal, wordsOf } from './refusal.ts';

export interface Answer {
  data: unknown;
  page: number | undefined;
  pages: number | undefined;
}

export interface CallOptions {
  /** README.md §3: methods that the vendor names POST take a form. */
  form?: true;
  /** The record asked for, as a refusal names it. Then "not found" throws `Gone`. */
  record?: RegExp;
}

/**
 * One method of the API, one request. Both credentials go with every call, so neither the address nor the form may reach an
 * error: `http` prints the path alone, and the vendor's own words are cleaned. Throws `Unauthorized`, `Gone`, `Rejected`
 * for what the vendor says, `Unavailable` for what is no answer of this API.
 */
export async function call(
  { account, http }: FetchContext,
  method: string,
  params: Record<string, string> = {},
  { form, record }: CallOptions = {},
): Promise<Answer> {
  const { login = '', apiKey = '' } = account.credentials;
  const all = { ...params, login, hash: apiKey };
  const answer = await http.getJson(`/${method}`, {
    ...(form ? { form: all } : { query: all }),
    answersOn: SAID_IN_BODY,
  });
  return readEnvelope(answer, method, account, record);
}

/** Logical errors come with 200 (assumed). Should they not, the body has the last word all the same. */
const SAID_IN_BODY = [400, 404, 409, 422];

/** README.md §4: success is told by the body, in one of four ways. */
function readEnvelope(answer: unknown, method: string, account: Account, record: RegExp | undefined): Answer {
  const fields = { source: account.source, account: account.name };
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer))
    throw new Unavailable(`${method}: answered something that is no envelope`, fields);
  const { status, success, data, response, page, pages, error, message } = answer as Record<string, unknown>;
  if (status === 'success' || success === true || success === 'true') {
    const payload = data === undefined ? response : data;
    if (payload === undefined) throw new Unavailable(`${method}: answered success without data`, fields);
    return { data: payload, page: count(page), pages: count(pages) };
  }
  const said = [error, message, typeof data === 'string' ? data : undefined]
    .map((part) => wordsOf(part))
    .find((words) => words !== '');
  if (said === undefined && status === undefined && success === undefined)
    throw new Unavailable(`${method}: answered something that is no envelope`, fields);
  throw refusal(method, said ?? '', account, record);
}

function count(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return Number.isInteger(number) ? (number as number) : undefined;
}

/** `data` of a list: an array, or an object keyed by id; PHP writes an empty one as null or false, too. */
export function rowsOf({ data }: Answer, method: string): unknown[] {
  if (Array.isArray(data)) return data;
  if (isNothing(data)) return [];
  if (typeof data === 'object' && Object.values(data as object).every((row) => row !== null && typeof row === 'object'))
    return Object.values(data as object);
  throw new Unavailable(`${method}: answered something that is no list`);
}

/** `data` of one record. Undefined when the vendor has succeeded in finding nothing. */
export function recordOf({ data }: Answer, method: string, externalId: string): unknown {
  const [record] = Array.isArray(data) ? data : [data];
  if (isNothing(record) || (typeof record === 'object' && Object.keys(record as object).length === 0)) return undefined;
  if (idOf(record) !== externalId) throw new Unavailable(`${method}: answered another record than the one asked for`);
  return record;
}

/** A row without an id is a change that would be lost: then the page counts as unread. */
export function bareIds(rows: readonly unknown[], method: string): { id: string }[] {
  return rows.map((row) => {
    const id = idOf(typeof row === 'object' ? row : { id: row });
    if (id === undefined) throw new Unavailable(`${method}: listed a booking without an id`);
    return { id };
  });
}

/** The id of a row: `id`, never `booking_id` (README.md §6.2). */
export function idOf(row: unknown): string | undefined {
  return externalIdOf((row as { id?: unknown } | null | undefined)?.id);
}

const isNothing = (data: unknown) => data === null || data === undefined || data === false || data === '';
