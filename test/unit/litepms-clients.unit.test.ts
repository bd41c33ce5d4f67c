import { afterEach, describe, expect, test } from 'vitest';
import { Unavailable } from '../../sources/errors.ts';
import { countedPages } from '../../sources/numbered-pages.ts';
import { hotelAccount, type OpenHotel, openHotel, planOf } from '../support/litepms-hotel.ts';

const open: OpenHotel[] = [];
afterEach(async () => {
  for (const hotel of open.splice(0)) await hotel.end();
});
async function hotelWith(options: Parameters<typeof openHotel>[0]) {
  const hotel = await openHotel(options);
  open.push(hotel);
  return hotel;
}
const first = (hotel: OpenHotel) => hotel.entity('clients').listing.first(planOf(hotel.account));
const askedPages = (hotel: OpenHotel) => hotel.simulator.requests.calls.map(({ params }) => Number(params.page));

describe('the list of clients', () => {
  test.each([
    [1, 40],
    [2, 11],
    [5, 4],
    [10, 2],
  ])('of %i pages takes so many requests and gives every client once', async (pages, size) => {
    const hotel = await hotelWith({ clients: 40, clientsPageSize: size, bookings: 60 });
    const { records } = await hotel.read('clients', first(hotel));
    const { clients, missingClientIds } = hotel.simulator.truth().main!;
    expect(clients.length).toBe(20 + missingClientIds.length);
    const listed = clients.filter(({ id }) => !missingClientIds.includes(id));
    expect(records.map(({ id }) => id).sort()).toEqual(listed.map(({ id }) => id).sort());
    expect(askedPages(hotel).sort((a, b) => a - b)).toEqual(Array.from({ length: pages }, (_, n) => n + 1));
  });

  test('lacks some whom their id finds, and some whom nobody has', async () => {
    const hotel = await hotelWith({ missingClients: 4, goneClients: 2 });
    const { records } = await hotel.read('clients', first(hotel));
    const { missingClientIds, goneClientIds } = hotel.simulator.truth().main!;
    expect([missingClientIds, goneClientIds].map((ids) => ids.length)).toEqual([2, 1]);
    const one = hotel.entity('clients').one!;
    for (const id of missingClientIds) {
      expect(records.some((record) => record.id === id)).toBe(false);
      expect(await one.fetch(hotel.context, id)).toMatchObject({ record: { id } });
    }
    expect(await one.fetch(hotel.context, goneClientIds[0]!)).toEqual({ absent: expect.any(String) });
  });
});

describe('pages that the vendor counts', () => {
  const context = { account: hotelAccount('http://127.0.0.1:1'), http: { getJson: () => Promise.reject(new Error()) } };
  const pagesOf = (total: number | undefined, rows: (number: number) => unknown[] = (number) => [{ id: number }]) =>
    countedPages(async (_, number) => ({ records: rows(number), pages: total }));

  test('are asked for in four lanes after the first one, and not behind the last', async () => {
    const listing = pagesOf(7);
    expect(listing.first(planOf(context.account))).toEqual(['1.1']);
    const next = async (page: string) => (await listing.fetch(context, page)).next;
    expect(await next('1.1')).toEqual(['1.2', '1.3', '1.4', '1.5']);
    expect(await next('1.2')).toEqual(['1.6']);
    expect(await next('1.3')).toEqual(['1.7']);
    expect(await next('1.4')).toEqual([]);
    expect(await pagesOf(3).fetch(context, '2.1')).toMatchObject({ next: ['2.2', '2.3'] });
  });

  test('are one page when the vendor does not say how many', async () => {
    expect(await pagesOf(undefined).fetch(context, '1.1')).toEqual({ records: [{ id: 1 }], next: [] });
  });

  test('go on after one that failed, and what is then asked for behind the end counts as nothing', async () => {
    const listing = pagesOf(7);
    expect(listing.after?.('1.1')).toEqual(['1.2', '1.3', '1.4', '1.5']);
    expect(listing.after?.('1.4')).toEqual(['1.8']);
    expect(await listing.fetch(context, '1.8')).toEqual({ records: [], next: [] });
  });

  test('are not complete when one in the middle is empty', async () => {
    const listing = pagesOf(7, (number) => (number === 3 ? [] : [{ id: number }]));
    await expect(listing.fetch(context, '1.3')).rejects.toThrow(Unavailable);
    expect(await pagesOf(1, () => []).fetch(context, '1.1')).toEqual({ records: [], next: [] });
  });

  test('are read again from the first when they do not fit together', async () => {
    const pages = [1, 2, 3].map((number) => ({ page: `1.${number}`, rows: 10, distinct: 10 }));
    const repeats = async () => [{ page: '1.2', records: 1 }];
    expect(await pagesOf(3).verify!({ pages, repeats })).toEqual({ more: ['2.1'] });
    expect(await pagesOf(3).verify!({ pages, repeats: async () => [] })).toEqual({ complete: true });
  });
});
