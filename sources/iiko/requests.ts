import { Unavailable } from '../errors.ts';
import { parseExactJson } from '../exact-json.ts';
import { CATEGORY_KINDS } from './categories.ts';

/** A GET request. A parameter may stand there several times. */
export interface ListRequest {
  path: string;
  query: [string, string][];
}

// README.md §4. The defaults of `includeDeleted` differ from list to list, so it is always said.
const DELETED_TOO: [string, string] = ['includeDeleted', 'true'];

export const productList: ListRequest = { path: '/v2/entities/products/list', query: [DELETED_TOO] };
export const productGroupList: ListRequest = { path: '/v2/entities/products/group/list', query: [DELETED_TOO] };
export const categoryList: ListRequest = {
  path: '/v2/entities/list',
  query: [DELETED_TOO, ...Object.keys(CATEGORY_KINDS).map((rootType): [string, string] => ['rootType', rootType])],
};
export const storeList: ListRequest = { path: '/corporation/stores', query: [] };
export const departmentList: ListRequest = { path: '/corporation/departments', query: [] };
export const columnList: ListRequest = { path: '/v2/reports/olap/columns', query: [['reportType', 'SALES']] };

/** Cash shifts opened on `from`…`to`, both included (OLAP's `to` is exclusive). `status` is mandatory. */
export const shiftList = (from: string, to: string): ListRequest => ({
  path: '/v2/cashshifts/list',
  query: [
    ['openDateFrom', from],
    ['openDateTo', to],
    ['status', 'ANY'],
  ],
});

/** The records of a JSON list. Throws `Unavailable` for anything else: it is never taken for an empty list. */
export function readList(body: string, { path }: ListRequest): Record<string, unknown>[] {
  const what = `GET ${path}`;
  const list = parseExactJson(body, what);
  const isRecord = (row: unknown) => typeof row === 'object' && row !== null && !Array.isArray(row);
  if (!Array.isArray(list) || !list.every(isRecord))
    throw new Unavailable(`${what}: answered something that is no list of records`);
  return list as Record<string, unknown>[];
}
