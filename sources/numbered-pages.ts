import type { FetchContext, Listing, ListingSummary } from './define-source.ts';
import { Unavailable } from './errors.ts';

/** Pages in flight at once: at 0.8 s an answer and 2 requests a second, two would do; four leave room for slow ones. */
const LANES = 4;
const PASSES = 3;

/** A page token is `pass.number`; the vendor's numbers start at 1. */
const token = (pass: number, number: number) => `${pass}.${number}`;
const parse = (page: string) => page.split('.').map(Number) as [pass: number, number: number];
const lanesFrom = (pass: number, first: number) =>
  Array.from({ length: LANES }, (_, lane) => token(pass, first + lane));
const firstOfPass = (pass: number) => lanesFrom(pass, 1);

export interface NumberedPage {
  records: unknown[];
  /** How many pages there are, where the vendor says so. */
  pages?: number | undefined;
}

/** One HTTP request for page `number`. */
export type ReadNumberedPage = (context: FetchContext, number: number) => Promise<NumberedPage>;

/**
 * A listing by page numbers that are offsets into a live list. Page i fetches i + LANES, and a lane ends on an empty page;
 * the vendor says neither how many pages nor how many rows there are.
 */
export function numberedPages(read: ReadNumberedPage, rateClass = 'read'): Listing {
  return {
    rateClass,
    first: () => firstOfPass(1),
    async fetch(context, page) {
      const { records } = await read(context, parse(page)[1]);
      return { records, next: records.length > 0 ? [sameLane(page)] : [] };
    },
    after: (page) => [sameLane(page)],
    verify: (summary) => verifyPages(summary),
  };
}

/**
 * The same where every answer says how many pages there are: nothing is asked for behind the last one. An answer that says
 * nothing is the only page. Throws `Unavailable` when a page is empty although others come after it.
 */
export function countedPages(read: ReadNumberedPage, rateClass = 'read'): Listing {
  return {
    rateClass,
    first: () => [token(1, 1)],
    async fetch(context, page) {
      const [pass, number] = parse(page);
      const answer = await read(context, number);
      const { records } = answer;
      // A list with rows has a page, whatever the vendor counts.
      const pages = Math.max(1, answer.pages ?? 1);
      // Asked for after a page that failed, not knowing where the end is.
      if (number > pages) return { records: [], next: [] };
      if (records.length === 0 && number < pages)
        throw new Unavailable(`page ${number} of ${pages} came empty`, {
          source: context.account.source,
          account: context.account.name,
        });
      const following = number === 1 ? lanesFrom(pass, 2) : [sameLane(page)];
      return { records, next: following.filter((next) => parse(next)[1] <= pages) };
    },
    after: (page) => (parse(page)[1] === 1 ? lanesFrom(parse(page)[0], 2) : [sameLane(page)]),
    verify: (summary) => verifyPages(summary, (pass) => [token(pass, 1)]),
  };
}

function sameLane(page: string): string {
  const [pass, number] = parse(page);
  return token(pass, number + LANES);
}

/**
 * Pages are offsets into a live list, so what is between two pages can be skipped:
 * - the page size changed on the way. A row that stands twice on a page may take another's place or come on top; both are
 *   the usual size. Of the last page the size says nothing, but a smaller one repeats what stood pages before it.
 * - a row was inserted after a page had been read and before the one in front of it was, which several pages in flight
 *   make possible. Elsewhere the insertion shows as a row that stands on two pages.
 * Then the list is read again.
 */
export async function verifyPages(
  { pages, repeats }: ListingSummary,
  firstPages: (pass: number) => string[] = firstOfPass,
): ReturnType<NonNullable<Listing['verify']>> {
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
  if (pass < PASSES) return { more: firstPages(pass + 1) };
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
