import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import type { Account, FetchContext, Listing, One } from '../define-source.ts';
import { Unavailable } from '../errors.ts';
import { externalIdOf } from '../fields.ts';
import { corporateItems, type XmlElement } from './corporate-items.ts';
import { type ListRequest, readList } from './requests.ts';

type Fields = Record<string, unknown>;
/** Reads the body of a list. */
export type ReadBody = (body: string, request: ListRequest) => Fields[];

const SECOND = 1000;
/** Look-ups of the same moment are answered out of one list. */
const REMEMBERED_MS = 15 * SECOND;

/** README.md §4. Lists have no pages: one request has them whole. */
export function wholeList(request: ListRequest, read: ReadBody): Listing {
  return {
    rateClass: 'read',
    first: () => ['all'],
    fetch: async (context) => ({ records: await readWhole(context, request, read), next: [] }),
  };
}

/** A record by its id. The list is the only way to it; one list serves all who look for something at that moment. */
export function oneOfList(request: ListRequest, read: ReadBody): One {
  const remembered = new WeakMap<Account, { at: number; list: Promise<Map<string, Fields>> }>();

  function listOf(context: FetchContext): Promise<Map<string, Fields>> {
    const known = remembered.get(context.account);
    if (known && Date.now() - known.at < REMEMBERED_MS) return known.list;
    const list = readWhole(context, request, read).then((records) => byId(records));
    const fresh = { at: Date.now(), list };
    remembered.set(context.account, fresh);
    list.catch(() => remembered.get(context.account) === fresh && remembered.delete(context.account));
    return list;
  }

  return {
    rateClass: 'read',
    async fetch(context, externalId) {
      const record = (await listOf(context)).get(externalId);
      return record ? { record } : { absent: `not in ${request.path}` };
    },
  };
}

const readWhole = async ({ http }: FetchContext, request: ListRequest, read: ReadBody): Promise<Fields[]> =>
  read(await http.getText(request.path, { query: request.query }), request);

const byId = (records: readonly Fields[]): Map<string, Fields> =>
  new Map(records.map((record) => [externalIdOf(record.id) ?? '', record]));

export { readList };

/** No document type is taken, so there are no entities but XML's own five, and no DTD that could be fetched. */
export function readCorporateItems(body: string, { path }: ListRequest): Fields[] {
  const what = `GET ${path}`;
  if (/<!DOCTYPE/i.test(body)) throw new Unavailable(`${what}: answered XML with a document type`);
  let root: XmlElement | null;
  try {
    root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(body, 'text/xml').documentElement;
  } catch {
    // The parser's own words quote the document.
    throw new Unavailable(`${what}: answered broken XML`);
  }
  if (!root) throw new Unavailable(`${what}: answered no XML`);
  return corporateItems(root, what);
}
