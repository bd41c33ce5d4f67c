import { includesId } from './sorted-ids.ts';
import type { Store } from './store.ts';
import type { RawBooking, RawCar, RawClient } from './types.ts';
import type { World } from './world.ts';

export type Search = ReturnType<typeof createSearch>;

/**
 * Substring search over id, number, code, names, phone and documents, as the vendor does it; ids ascending.
 * A query of six or more digits reaches its few possible hits by arithmetic, so that looking up ids stays quick in a
 * world of a million; every hit is checked against the record all the same.
 */
export function createSearch(world: World, store: Store) {
  const { ids, plan, settings } = world;
  const branchCount = settings.branches.length;
  const contains = (values: readonly unknown[], query: string): boolean =>
    values.some((value) => value !== null && String(value).toLowerCase().includes(query));

  const bookingTexts = (b: RawBooking) => [b.id, b.number, b.car_code, b.first_name, b.last_name];
  const clientTexts = (c: RawClient) => [c.id, c.fio, c.name, c.phone, c.passport_number, c.doc_number];
  const carTexts = (c: RawCar) => [c.id, c.code, c.number, c.car_name, c.vin];

  function clientCandidates(branch: number, query: string): readonly number[] {
    const numbers = possibleIds(query);
    if (!numbers) return store.searchableClientIds(branch);
    const holders = numbers.flatMap((id) => [ids.clientIndex(id) - 1, ...(plan.decoysOf.get(id) ?? [])]);
    const lastPassport = numbers.includes(ids.clientId(settings.clients)) ? [settings.clients - 1] : [];
    const hiddenOnes = numbers.length > 0 ? hiddenByPassport(numbers) : [];
    const found = [...holders, ...lastPassport].filter((index) => index >= 0).map(ids.clientId);
    return distinct([...numbers, ...found, ...hiddenOnes, ...store.changedClientIds()]).filter(
      (id) => includesId(store.clientIds(branch), id) || includesId(store.hiddenClientIds(branch), id),
    );
  }

  /** A missing client's passport is the id that the client after him would have. */
  let byPassport: Map<number, number> | undefined;
  function hiddenByPassport(numbers: readonly number[]): number[] {
    byPassport ??= new Map([...plan.missingClients].map(([id, at]) => [ids.clientId(at.index + 1), id]));
    return numbers.flatMap((number) => byPassport?.get(number) ?? []);
  }

  function bookingCandidates(branch: number, query: string): readonly number[] {
    const listed = store.bookingIds(branch);
    const numbers = possibleIds(query);
    if (!numbers) return listed;
    const numbered = numbers
      .map((number) => (number - 1) * branchCount + branch)
      .filter((index) => index < settings.bookings)
      .map(ids.bookingId);
    return distinct([...numbers, ...numbered, ...store.changedBookingIds()]).filter((id) => includesId(listed, id));
  }

  return {
    clients(branch: number, text: string): number[] {
      const query = text.toLowerCase();
      return clientCandidates(branch, query).filter((id) => {
        const client = store.client(id);
        return client !== undefined && contains(clientTexts(client), query);
      });
    },
    bookings(branch: number, text: string): number[] {
      const query = text.toLowerCase();
      return bookingCandidates(branch, query).filter((id) => contains(bookingTexts(store.bookingBase(id)), query));
    },
    cars(branch: number, text: string): number[] {
      const query = text.toLowerCase();
      return store.carIds(branch).filter((id) => {
        const car = store.car(id);
        return car !== undefined && contains(carTexts(car), query);
      });
    },
  };
}

const LONGEST_ID = 8;

/**
 * Every number of up to eight digits that contains the query; undefined when other texts may contain it too (phones,
 * car codes, plates) or when there would be too many.
 */
function possibleIds(query: string): number[] | undefined {
  if (!/^[1-9]\d{5,}$/.test(query) || /00000|790000/.test(query)) return undefined;
  let texts = query.length > LONGEST_ID ? [] : [query];
  const all = [...texts];
  while (texts.length > 0 && (texts[0] as string).length < LONGEST_ID) {
    texts = texts.flatMap((text) => DIGITS.flatMap((digit) => [`${digit}${text}`, `${text}${digit}`]));
    all.push(...texts);
  }
  return distinct(all.filter((text) => !text.startsWith('0')).map(Number));
}

const DIGITS = '0123456789'.split('');
const distinct = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
