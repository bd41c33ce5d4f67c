import { createBookingHead, isActive, stateOf } from './booking-record.ts';
import { createBookingRests } from './booking-rest.ts';
import { createCarRecord } from './car-record.ts';
import { createClientRecord } from './client-record.ts';
import { wallTime } from './dates.ts';
import { createIds } from './ids.ts';
import { createPerson, type Person } from './people.ts';
import { createPlan } from './plan.ts';
import { hash } from './random.ts';
import type { Settings } from './settings.ts';
import type { RawBooking, RawCar, RawClient } from './types.ts';

const HISTORY_START = Date.UTC(2024, 0, 1, 9);
const HISTORY_MS = 900 * 86_400_000;

export type World = ReturnType<typeof createWorld>;

/** The seeded data before any mutation: every record is made on demand from the seed and its index. */
export function createWorld(settings: Settings) {
  const { seed, branches, clients, cars } = settings;
  const ids = createIds(settings);
  const plan = createPlan(settings, ids);
  const branchCount = branches.length;
  const companyId = (branch: number): number => 101 + branch;
  const createdMs = (index: number, of: number): number =>
    HISTORY_START + Math.floor((index / Math.max(of, 1)) * HISTORY_MS);

  /** The index that a client's personal data come from, −1 for an unknown id. */
  const personIndex = (id: number): number =>
    plan.missingClients.get(id)?.index ?? plan.goneClients.get(id)?.index ?? ids.clientIndex(id);
  const person = (index: number): Person => createPerson(seed, index);

  function clientRecord(id: number, index: number, branch: number): RawClient {
    const facts = {
      id,
      index,
      companyId: companyId(branch),
      createdAt: wallTime(createdMs(index, clients)),
      passport: String(ids.clientId(index + 1)),
      document: plan.documentOfClient.get(index) ?? null,
    };
    return createClientRecord(seed, facts, person(index));
  }

  /** A listed or missing client as seeded. */
  function client(id: number): RawClient | undefined {
    const hidden = plan.missingClients.get(id);
    if (hidden) return clientRecord(id, hidden.index, hidden.branch);
    const index = ids.clientIndex(id);
    return index < 0 ? undefined : clientRecord(id, index, index % branchCount);
  }

  const carCache = new Map<number, RawCar>();
  /** A listed or missing car. */
  function car(id: number): RawCar | undefined {
    const known = carCache.get(id);
    if (known) return known;
    const hidden = plan.missingCars.get(id);
    const index = hidden?.index ?? ids.carIndex(id);
    if (index < 0) return undefined;
    const branch = hidden?.branch ?? index % branchCount;
    const record = createCarRecord(seed, { id, index, companyId: companyId(branch) });
    carCache.set(id, record);
    return record;
  }

  /** Mostly one of the branch's own, else any; −1 when there is none. */
  function choose(index: number, branch: number, count: number, salt: number): number {
    if (count === 0) return -1;
    const own = Math.floor((count - branch + branchCount - 1) / branchCount);
    const draw = hash(seed, salt, index);
    return draw % 5 > 0 && own > 0 ? branch + branchCount * (hash(seed, salt + 1, index) % own) : draw % count;
  }

  function clientIdOf(index: number, branch: number): number | null {
    const special = plan.clientOfBooking.get(index);
    if (special !== undefined) return special;
    if (index === 1 && clients > 0) return ids.clientId(0);
    const chosen = choose(index, branch, clients, 61);
    return chosen < 0 ? null : ids.clientId(chosen);
  }

  function carIdOf(index: number, branch: number): number | null {
    const special = plan.carOfBooking.get(index);
    if (special !== undefined) return special;
    const chosen = choose(index, branch, cars, 71);
    return chosen < 0 ? null : ids.carId(chosen);
  }

  function blockOf(index: number): 'technical' | 'repair' | null {
    if (index < 2 || plan.clientOfBooking.has(index)) return null;
    const draw = hash(seed, 51, index) % 40;
    return draw === 0 ? 'technical' : draw === 1 ? 'repair' : null;
  }

  const bookingRest = createBookingRests(seed);
  function bookingHead(index: number, branch = index % branchCount): RawBooking {
    const block = blockOf(index);
    const clientId = block ? null : clientIdOf(index, branch);
    const who = clientId === null ? undefined : person(personIndex(clientId));
    const carRecord = car(carIdOf(index, branch) ?? -1);
    return createBookingHead(seed, {
      id: ids.bookingId(index),
      index,
      number: Math.floor(index / branchCount) + 1,
      companyId: companyId(branch),
      createdMs: createdMs(index, settings.bookings),
      block,
      client:
        clientId === null || !who
          ? null
          : { id: clientId, first: who.name, middle: who.middlename, last: who.lastname, category: who.category },
      car: carRecord
        ? {
            id: carRecord.id,
            name: carRecord.car_name,
            code: carRecord.code,
            state: carRecord.state as number,
            price: carRecord.average_price as number,
          }
        : null,
    });
  }

  return {
    settings,
    ids,
    plan,
    companyId,
    person,
    personIndex,
    client,
    clientRecord,
    car,
    bookingHead,
    bookingRest,
    booking: (index: number, branch?: number): RawBooking =>
      Object.assign(bookingHead(index, branch), bookingRest(index).fields),
    bookingActive: (index: number): boolean => isActive(stateOf(seed, index)),
  };
}
