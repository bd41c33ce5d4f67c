import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ListingPlan } from '../../sources/define-source.ts';
import { verifyPages } from '../../sources/numbered-pages.ts';
import { pagesOf, rowsOf } from '../../sources/rentprog/listing.ts';

const SEED = 42;

/** The verdict on pages given as the ids on them, per pass. */
function verdict(...passes: (readonly (readonly (number | string)[])[])[]) {
  const pages = passes.flatMap((pass, n) => pass.map((ids, at) => ({ page: `${n + 1}.${at + 1}`, ids })));
  return verifyPages({
    pages: pages.map(({ page, ids }) => ({ page, rows: ids.length, distinct: new Set(ids).size })),
    async repeats(among) {
      const asked = pages.filter(({ page }) => among.includes(page));
      const standing = Map.groupBy(
        asked.flatMap(({ page, ids }) => [...new Set(ids)].map((id) => ({ page, id }))),
        ({ id }) => id,
      );
      const twice = [...standing.values()].filter((places) => places.length > 1).flat();
      return [...Map.groupBy(twice, ({ page }) => page)].map(([page, places]) => ({ page, records: places.length }));
    },
  });
}

const rows = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n);
/** Pages of `size` of a list of `total`, and the empty one after them. */
const list = (total: number, size: number) => [
  ...Array.from({ length: Math.ceil(total / size) }, (_, n) => rows(n * size, Math.min(size, total - n * size))),
  [],
];
const COMPLETE = { complete: true };
const again = (pass: number) => ({ more: [`${pass}.1`, `${pass}.2`, `${pass}.3`, `${pass}.4`] });

describe('a listing by page numbers', () => {
  test('is complete when its pages are even, whatever the size and the total', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 60 }), async (total, size) => {
        expect(await verdict(list(total, size))).toEqual(COMPLETE);
      }),
      { seed: SEED },
    );
  });

  test('is read again when one page came with another size, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: 20 }),
        fc.nat(),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 10 }),
        async (pages, where, smaller, rest) => {
          const total = (pages - 1) * 10 + rest;
          const at = where % pages;
          const read = list(total, 10);
          read[at] = rows(0, total).slice(at * smaller, (at + 1) * smaller);
          const seen = new Set(read.flat());
          if (seen.size === total) return;
          expect(await verdict(read), `page ${at + 1} of ${pages} by ${smaller}`).toEqual(again(2));
        },
      ),
      { seed: SEED },
    );
  });

  test('takes the second reading for what it is', async () => {
    const uneven = list(95, 10);
    uneven[4] = rows(28, 7);
    expect(await verdict(uneven, list(95, 10))).toEqual(COMPLETE);
    expect(await verdict(uneven, uneven)).toEqual(again(3));
  });

  test('is incomplete when three readings differ in themselves', async () => {
    const uneven = list(95, 10);
    uneven[4] = rows(28, 7);
    expect(await verdict(uneven, uneven, uneven)).toEqual({
      incomplete: expect.stringContaining('rows may have been skipped'),
    });
  });

  test('is read once more when a row was pushed over the edge of a page: others may have been skipped', async () => {
    const moved = [rows(0, 10), [9, ...rows(10, 9)], rows(19, 6), []];
    expect(await verdict(moved)).toEqual(again(2));
    expect(await verdict(moved, moved)).toEqual(COMPLETE);
  });

  test('is complete although a vendor repeats rows on a page, in place of others or on top', async () => {
    const inPlace = [[...rows(0, 9), 8], rows(9, 10), [...rows(19, 9), 19], rows(28, 3)];
    expect(await verdict(inPlace)).toEqual(COMPLETE);
    const onTop = [[...rows(0, 10), 9], rows(10, 10), rows(20, 10), rows(30, 3)];
    expect(await verdict(onTop)).toEqual(COMPLETE);
  });

  test('fetches page after page in four lanes, and ends a lane on an empty page', async () => {
    const listing = pagesOf(['/rows']);
    expect(listing.first({} as ListingPlan)).toEqual(['1.1', '1.2', '1.3', '1.4']);
    const asked: unknown[] = [];
    const answers = [[{ id: 1 }], { data: [] }];
    const context = {
      account: { source: 'rentprog', name: 'tbilisi', baseUrl: 'http://127.0.0.1:1' },
      http: {
        getJson: async (path: string, request: object) => {
          asked.push([path, request]);
          return answers.shift();
        },
      },
    } as never;
    expect(await listing.fetch(context, '2.3')).toEqual({ records: [{ id: 1 }], next: ['2.7'] });
    expect(await listing.fetch(context, '2.7')).toEqual({ records: [], next: [] });
    expect(asked).toMatchObject([
      ['/rows', { query: { page: 3 } }],
      ['/rows', { query: { page: 7 } }],
    ]);
    expect(listing.after?.('1.5')).toEqual(['1.9']);
  });
});

test.each([
  [null],
  ['nothing'],
  [{}],
  [{ data: {} }],
  [{ error: 'busy' }],
  [0],
])('%j is not taken for an empty list', (answer) => {
  expect(() => rowsOf(answer, '/rows')).toThrow('answered something that is no list');
});
