import { shortCar } from './car-record.ts';
import type { FaultDraw } from './fault-draw.ts';
import { smallerPage, withRepeats } from './page-faults.ts';
import type { RecordFaults } from './record-faults.ts';
import { json, problem, type Reply } from './replies.ts';
import type { Search } from './search.ts';
import type { Settings } from './settings.ts';
import { pageOfIds } from './sorted-ids.ts';
import type { Store } from './store.ts';
import type { Faults, Kind, RawCar, RawRecord } from './types.ts';

const CACHE_BYTES = 256 * 1024 * 1024;
const SHORTEST_QUERY = 3;

export interface Call {
  path: string;
  query: URLSearchParams;
  branch: number;
  /** Counts the requests; picks the form of error bodies. */
  turn: number;
  draw: FaultDraw;
}

type Route = (call: Call) => Reply;

/** Everything behind a token: path → answer. Unknown paths, get-by-id among them, are 404. */
export function createRoutes(
  settings: Settings,
  parts: { store: Store; search: Search; recordFaults: RecordFaults; faults: Faults },
): (call: Call) => Reply {
  const { store, search, recordFaults, faults } = parts;
  const pages = createPageCache(store);
  const records: Record<Kind, (id: number) => RawRecord | undefined> = {
    booking: store.listedBooking,
    client: store.client,
    car: store.car,
  };

  const text = (kind: Kind, record: RawRecord): string =>
    JSON.stringify(recordFaults.on() ? recordFaults.spoil(kind, record) : record);
  const rows = (kind: Kind, ids: readonly number[]): string =>
    kind === 'booking' && !recordFaults.on()
      ? `[${ids.map(store.listedBookingJson).join(',')}]`
      : `[${ids.map((id) => text(kind, records[kind](id) as RawRecord)).join(',')}]`;

  function listing(kind: Kind, size: number, idsOf: (call: Call) => readonly number[], mayWrap = false): Route {
    return (call) => {
      const isSearch = call.path.startsWith('/search_');
      const ids = isSearch ? idsOf(call) : withRepeats(idsOf(call), faults.duplicateRows, settings.seed);
      const smaller = !isSearch && call.draw.spoils('changingPageSize', faults.changingPageSize);
      const rowsPerPage = smaller ? smallerPage(size) : size;
      const page = pageNumber(call.query);
      const make = () => {
        const list = rows(kind, pageOfIds(ids, page, rowsPerPage));
        return Buffer.from(mayWrap && call.branch % 2 === 1 ? `{"data":${list}}` : list);
      };
      const plain = !recordFaults.on() && faults.duplicateRows <= 0 && !isSearch;
      return json(plain ? pages(`${call.branch} ${call.path} ${page} ${rowsPerPage}`, make) : make());
    };
  }

  function searching(kind: Kind, find: (branch: number, query: string) => number[]): Route {
    const answer = listing(kind, settings.pageSize, (call) => find(call.branch, call.query.get('query') ?? ''));
    return (call) => {
      if ((call.query.get('query') ?? '').length >= SHORTEST_QUERY) return answer(call);
      return problem(422, `query must have at least ${SHORTEST_QUERY} characters`, call.turn);
    };
  }

  const branchCars = (call: Call): RawCar[] =>
    store.carIds(call.branch).flatMap((id) => {
      const car = store.car(id);
      return car ? [car] : [];
    });

  function oneCar(call: Call, parameter: string, answer: (car: RawCar) => string): Reply {
    const car = store.car(Number(call.query.get(parameter)));
    return car ? json(answer(car)) : problem(404, 'car not found', call.turn);
  }

  const withBookings = (call: Call, car: RawCar): RawRecord => ({
    ...car,
    active_bookings: store
      .bookingIdsByActive(call.branch, true)
      .map(store.bookingBase)
      .filter((booking) => booking.car_id === car.id),
  });

  const routes: Record<string, Route> = {
    '/all_bookings': listing('booking', settings.pageSize, (call) => store.bookingIds(call.branch), true),
    '/active_bookings': listing('booking', settings.pageSize, (call) => store.bookingIdsByActive(call.branch, true)),
    '/unactive_bookings': listing('booking', settings.pageSize, (call) => store.bookingIdsByActive(call.branch, false)),
    '/search_bookings': searching('booking', search.bookings),
    [settings.clientsPath]: listing('client', settings.clientsPageSize, (call) => store.clientIds(call.branch)),
    '/search_clients': searching('client', search.clients),
    '/search_cars': searching('car', search.cars),
    '/all_cars_full': (call) =>
      json(
        `[${branchCars(call)
          .map((car) => text('car', car))
          .join(',')}]`,
      ),
    '/all_cars': (call) =>
      json(
        `[${branchCars(call)
          .map((car) => text('car', shortCar(car)))
          .join(',')}]`,
      ),
    '/car_data': (call) => oneCar(call, 'id', (car) => text('car', car)),
    '/car_data_with_bookings': (call) => oneCar(call, 'car_id', (car) => text('car', withBookings(call, car))),
  };

  return (call) =>
    Object.hasOwn(routes, call.path) ? (routes[call.path] as Route)(call) : problem(404, 'Not Found', call.turn);
}

/** `page` from 1; 0 and nonsense repeat page 1. */
export const pageNumber = (query: URLSearchParams): number =>
  Math.max(1, Math.trunc(Number(query.get('page') ?? 1)) || 1);

/** Pages made since the last change, up to a bound in bytes. */
function createPageCache(store: Store): (key: string, make: () => Buffer) => Buffer {
  const cache = new Map<string, Buffer>();
  let version = -1;
  let bytes = 0;
  return (key, make) => {
    if (version !== store.version() || bytes > CACHE_BYTES) {
      cache.clear();
      bytes = 0;
      version = store.version();
    }
    const known = cache.get(key);
    if (known) return known;
    const page = make();
    cache.set(key, page);
    bytes += page.length;
    return page;
  };
}
