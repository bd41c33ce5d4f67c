import { includesId, insertId, removeId } from './sorted-ids.ts';
import type { Fields, Json, RawBooking, RawCar, RawClient } from './types.ts';
import type { World } from './world.ts';

const NESTED_CLIENT = ['id', 'name', 'lastname', 'phone', 'email', 'fio', 'lang', 'category'] as const;
const NESTED_CAR = ['id', 'car_name', 'number', 'vin', 'code'] as const;

export type Store = ReturnType<typeof createStore>;

/** The world as it is now: what the seed says, under what the mutations changed. */
export function createStore(world: World) {
  const { settings, ids, plan } = world;
  const branchCount = settings.branches.length;
  const perBranch = (count: number, toId: (index: number) => number): number[][] => {
    const lists: number[][] = settings.branches.map(() => []);
    for (let index = 0; index < count; index++) (lists[index % branchCount] as number[]).push(toId(index));
    return lists.map((list) => list.sort((a, b) => a - b));
  };

  const bookings = perBranch(settings.bookings, ids.bookingId);
  const clients = perBranch(settings.clients, ids.clientId);
  const cars = perBranch(settings.cars, ids.carId);
  const hiddenClients = settings.branches.map((_, branch) =>
    [...plan.missingClients].flatMap(([id, at]) => (at.branch === branch ? [id] : [])).sort((a, b) => a - b),
  );
  const changedBookings = new Map<number, RawBooking>();
  const changedClients = new Map<number, RawClient>();
  const changedCars = new Map<number, RawCar>();
  const activeLists = new Map<string, number[]>();
  let version = 0;

  const branchWith = (lists: readonly number[][], id: number): number =>
    lists.findIndex((list) => includesId(list, id));
  const list = (lists: readonly number[][], branch: number): number[] => lists[branch] as number[];

  function bookingBase(id: number): RawBooking {
    return changedBookings.get(id) ?? world.booking(ids.bookingIndex(id));
  }

  function nested(booking: RawBooking): Fields {
    const mode = settings.nestedClients;
    if (mode === 'none' || (mode === 'some' && booking.id % 3 !== 0)) return {};
    const parts: Fields = {};
    const client = booking.client_id === null ? undefined : nestableClient(booking.client_id);
    if (client) parts.client = some(client, NESTED_CLIENT);
    const car = booking.car_id === null || plan.missingCars.has(booking.car_id) ? undefined : theCar(booking.car_id);
    if (car) parts.car = some(car, NESTED_CAR);
    return parts;
  }

  function theCar(id: number): RawCar | undefined {
    return changedCars.get(id) ?? world.car(id);
  }

  function nestableClient(id: number): Fields | undefined {
    if (plan.missingClients.has(id) || plan.goneClients.has(id)) return undefined;
    const changed = changedClients.get(id);
    if (changed) return changed;
    const index = ids.clientIndex(id);
    const branch = index % branchCount;
    return index >= 0 && includesId(list(clients, branch), id) ? { id, ...world.person(index) } : undefined;
  }

  return {
    /** Goes up with every change; pages made before are stale. */
    version: (): number => version,
    bookingIds: (branch: number): number[] => list(bookings, branch),
    clientIds: (branch: number): number[] => list(clients, branch),
    carIds: (branch: number): number[] => list(cars, branch),
    /** Found by /search_clients at this branch: its own clients and those hidden there. */
    searchableClientIds: (branch: number): number[] =>
      [...list(clients, branch), ...list(hiddenClients, branch)].sort((a, b) => a - b),
    hiddenClientIds: (branch: number): number[] => list(hiddenClients, branch),
    changedClientIds: (): number[] => [...changedClients.keys()],
    changedBookingIds: (): number[] => [...changedBookings.keys()],

    bookingIdsByActive(branch: number, active: boolean): number[] {
      const key = `${version} ${branch} ${active}`;
      const known = activeLists.get(key);
      if (known) return known;
      const found = list(bookings, branch).filter(
        (id) => (changedBookings.get(id)?.active ?? world.bookingActive(ids.bookingIndex(id))) === active,
      );
      activeLists.set(key, found);
      return found;
    },

    /** The same as JSON, for ids known to be listed. */
    listedBookingJson(id: number): string {
      const changed = changedBookings.get(id);
      if (changed) return JSON.stringify({ ...changed, ...nested(changed) });
      const index = ids.bookingIndex(id);
      const head = world.bookingHead(index);
      const text = JSON.stringify(Object.assign(head, nested(head)));
      return `${text.slice(0, -1)},${world.bookingRest(index).json}}`;
    },
    /** The row as served, for ids known to be listed. */
    listedBooking(id: number): RawBooking {
      const base = bookingBase(id);
      return Object.assign(base === changedBookings.get(id) ? { ...base } : base, nested(base));
    },
    /** Without the nested objects. */
    bookingBase,
    branchOfBooking: (id: number): number => branchWith(bookings, id),
    /** Listed or hidden. */
    branchOfClient: (id: number): number => Math.max(branchWith(clients, id), branchWith(hiddenClients, id)),
    client: (id: number): RawClient | undefined => changedClients.get(id) ?? world.client(id),
    car: theCar,

    putBooking(booking: RawBooking, branch: number): void {
      const before = branchWith(bookings, booking.id);
      if (before >= 0 && before !== branch) removeId(list(bookings, before), booking.id);
      insertId(list(bookings, branch), booking.id);
      changedBookings.set(booking.id, booking);
      changed();
    },
    removeBooking(id: number): void {
      for (const each of bookings) removeId(each, id);
      changedBookings.delete(id);
      changed();
    },
    /** In the branch's list, or still hidden there. */
    putClient(client: RawClient, branch: number, hidden = false): void {
      insertId(list(hidden ? hiddenClients : clients, branch), client.id);
      changedClients.set(client.id, client);
      changed();
    },
    putCar(car: RawCar): void {
      changedCars.set(car.id, car);
      changed();
    },
    removeClient(id: number): void {
      for (const each of [...clients, ...hiddenClients]) removeId(each, id);
      changedClients.delete(id);
      changed();
    },
    changed,
  };

  function changed(): void {
    version++;
    activeLists.clear();
  }
}

const some = (record: { [field: string]: Json }, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, record[name] ?? null]));
