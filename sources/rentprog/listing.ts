import type { FetchContext, Listing } from '../define-source.ts';
import { Rejected, Unavailable } from '../errors.ts';
import { numberedPages } from '../numbered-pages.ts';

/** README.md §4: page-numbered, no total; the page size is whatever the vendor likes and `per_page` is ignored. */
export function pagesOf(paths: readonly [string, ...string[]]): Listing {
  const rightPath = new Map<string, string>();

  async function fetchRows({ account, http }: FetchContext, number: number): Promise<unknown[]> {
    const known = rightPath.get(account.baseUrl);
    for (const path of known ? [known] : paths) {
      const request = { query: { page: number, per_page: 100 }, ...(known ? {} : { absentOn: [404] }) };
      const answer = await http.getJson(path, request);
      if (answer === undefined) continue;
      rightPath.set(account.baseUrl, path);
      return rowsOf(answer, path);
    }
    throw new Rejected(`none of ${paths.join(', ')} exists at this address (404). Check baseUrl.`, {
      source: account.source,
      account: account.name,
      status: 404,
    });
  }

  return numberedPages(async (context, number) => ({ records: await fetchRows(context, number) }));
}

/** Rows come bare or under `data`. Anything else is not an empty list. */
export function rowsOf(answer: unknown, path: string): unknown[] {
  if (Array.isArray(answer)) return answer;
  const data = (answer as { data?: unknown } | null)?.data;
  if (Array.isArray(data)) return data;
  throw new Unavailable(`GET ${path}: answered something that is no list`);
}
