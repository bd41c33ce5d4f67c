import type { FetchContext, Listing, ListingSummary } from '../define-source.ts';
import { Rejected, Unavailable } from '../errors.ts';

/** Pages in flight at once: at 0.8 s an answer and 2 requests a second, two would do; four leave room for slow ones. */
const LANES = 4;
const PASSES = 3;

/** A page token is `pass.number`; the vendor's numbers start at 1. */
const token = (pass: number, number: number) => `${pass}.${number}`;
const parse = (page: string) => page.split('.').map(Number) as [pass: number, number: number];
const sameLane = (page: string) => token(parse(page)[0], parse(page)[1] + LANES);
const firstOfPass = (pass: number) => Array.from({ length: LANES }, (_, lane) => token(pass, lane + 1));

/**
 * README.md §4: page-numbered, no total; the page size is whatever the vendor likes and `per_page` is ignored; the
 * list is live. A lane ends on an empty page. Page i fetches i + LANES.
 */
export function numberedPages(paths: readonly [string, ...string[]]): Listing {
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

  return {
    rateClass: 'read',
    first: () => firstOfPass(1),
    async fetch(context, page) {
      const records = await fetchRows(context, parse(page)[1]);
      return { records, next: records.length > 0 ? [sameLane(page)] : [] };
    },
    after: (page) => [sameLane(page)],
    verify: verifyPages,
  };
}

/** Rows come bare or under `data`. Anything else is not an empty list. */
export function rowsOf(answer: unknown, path: string): unknown[] {
  if (Array.isArray(answer)) return answer;
  const data = (answer as { data?: unknown } | null)?.data;
  if (Array.isArray(data)) return data;
  throw new Unavailable(`GET ${path}: answered something that is no list`);
}

/**
 * Pages are offsets into a live list, so what is between two pages can be skipped:
 * - the page size changed on the way. A row that stands twice on a page may take another's place or come on top; both are
 *   the usual size. Of the last page the size says nothing, but a smaller one repeats what stood pages before it.
 * - a row was inserted after a page had been read and before the one in front of it was, which several pages in flight
 *   make possible. Elsewhere the insertion shows as a row that stands on two pages.
 * Then the list is read again.
 */
export async function verifyPages({ pages, repeats }: ListingSummary): ReturnType<NonNullable<Listing['verify']>> {
  const parsed = pages.map((page) => ({ ...page, pass: parse(page.page)[0], number: parse(page.page)[1] }));
  const pass = Math.max(1, ...parsed.map((page) => page.pass));
  const filled = parsed.filter((page) => page.pass === pass && page.rows > 0).sort((a, b) => a.number - b.number);
  const full = filled.slice(0, -1);
  const usual = mostCommon(full.flatMap(({ rows, distinct }) => (rows === distinct ? [rows] : [rows, distinct])));
  const last = filled.at(-1);
  if (usual === undefined || !last) return { complete: true };

  const even = full.every(({ rows, distinct }) => rows === usual || distinct === usual) && last.distinct <= usual;
  const repeated = even ? await repeats(filled.map(({ page }) => page)) : [];
  const onLast = repeated.find(({ page }) => page === last.page)?.records ?? 0;
  // A second reading sees what an insertion hid from the first; a vendor that always repeats rows is not read for ever.
  if (even && (repeated.length === 0 || (pass > 1 && onLast <= HARMLESS_REPEATS))) return { complete: true };
  if (pass < PASSES) return { more: firstOfPass(pass + 1) };
  return {
    incomplete: `the pages did not fit together in any of ${PASSES} passes (their size changed, or rows moved between them); rows may have been skipped`,
  };
}

/** On the last page: an inserted row pushes one over its edge, while a smaller page begins several rows early. */
const HARMLESS_REPEATS = 1;

function mostCommon(sizes: readonly number[]): number | undefined {
  const counts = Map.groupBy(sizes, (size) => size);
  return [...counts].sort(([a, as], [b, bs]) => bs.length - as.length || b - a)[0]?.[0];
}
