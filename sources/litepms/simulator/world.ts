import { type BookingDays, bookingDays, createBookingRecord } from './booking-record.ts';
import { createClientRecord } from './client-record.ts';
import { type Clock, dayNumber } from './days.ts';
import { createPerson, type Person } from './people.ts';
import { hash, share } from './random.ts';
import { createRoomRecord } from './room-record.ts';
import { type Settings, shareOf } from './settings.ts';
import type { RawBooking, RawClient, RawRoom } from './types.ts';

// Ids are functions of the index, so a million records need no table of ids. Every hotel's begin at the same numbers.
const FIRST = { booking: 5_000_001, client: 1001, missing: 1_000_001, gone: 2_000_001, created: 3_000_001, room: 301 };
const idOf = (first: number, index: number): string => String(first + index);
const indexOf = (first: number, id: string, count: number): number => {
  const index = Number(id) - first;
  return Number.isInteger(index) && index >= 0 && index < count ? index : -1;
};

export type World = ReturnType<typeof createWorld>;

/** One hotel's seeded data before any mutation: every record is made on demand from the seed and its index. */
export function createWorld(settings: Settings, hotel: number, clock: Clock) {
  const count = (total: number): number => shareOf(total, hotel, settings.hotels.length);
  const seed = hash(settings.seed, 7, hotel);
  const today = dayNumber(clock.today(settings.hotels[hotel]?.timezone ?? 'UTC'));
  const counts = {
    bookings: count(settings.bookings),
    clients: count(settings.clients),
    missing: count(settings.missingClients),
    gone: count(settings.goneClients),
    rooms: settings.rooms,
  };
  const special = specialClients(counts);

  const days = (index: number): BookingDays => bookingDays(seed, index, today, settings.historyDays);

  /** Listed, missing, gone and created clients in one row; −1 for an id that is none. */
  function personIndex(id: string): number {
    const { clients, missing, gone } = counts;
    const rows: [first: number, size: number, before: number][] = [
      [FIRST.client, clients, 0],
      [FIRST.missing, missing, clients],
      [FIRST.gone, gone, clients + missing],
      [FIRST.created, Number.MAX_SAFE_INTEGER, clients + missing + gone],
    ];
    for (const [first, size, before] of rows) {
      const index = indexOf(first, id, size);
      if (index >= 0) return before + index;
    }
    return -1;
  }
  const person = (index: number): Person => createPerson(seed, index);

  function clientRecord(id: string): RawClient {
    const index = personIndex(id);
    return createClientRecord(
      seed,
      { id, index, createdDay: today - 1 - (hash(seed, 22, index) % 900) },
      person(index),
    );
  }

  function clientIdOf(index: number): string {
    const known = special.get(index);
    if (known !== undefined) return known;
    if (counts.clients === 0 || share(hash(seed, 51, index)) < settings.clientlessShare) return '0';
    return idOf(FIRST.client, hash(seed, 52, index) % counts.clients);
  }

  const room = (id: string): RawRoom => createRoomRecord(seed, id, Number(id) - FIRST.room);

  function booking(index: number): RawBooking {
    const clientId = clientIdOf(index);
    const roomId = hash(seed, 53, index) % 50 === 0 ? null : idOf(FIRST.room, hash(seed, 54, index) % counts.rooms);
    return createBookingRecord(seed, {
      id: idOf(FIRST.booking, index),
      number: index + 1,
      index,
      days: days(index),
      today,
      clientId,
      person: person(clientId === '0' ? 5_000_000 + index : personIndex(clientId)),
      room: roomId === null ? null : room(roomId),
    });
  }

  return {
    seed,
    counts,
    days,
    booking,
    bookingId: (index: number): string => idOf(FIRST.booking, index),
    bookingIndex: (id: string): number => indexOf(FIRST.booking, id, Number.MAX_SAFE_INTEGER),
    /** A seeded client that `getClient` has, or undefined. */
    client(id: string): RawClient | undefined {
      const index = personIndex(id);
      return index >= 0 && index < counts.clients + counts.missing ? clientRecord(id) : undefined;
    },
    clientRecord,
    person: (clientId: string): Person => person(personIndex(clientId)),
    clientId: (index: number): string => idOf(FIRST.client, index),
    createdClientId: (n: number): string => idOf(FIRST.created, n),
    missingClientIds: (): string[] => ids(FIRST.missing, counts.missing),
    goneClientIds: (): string[] => ids(FIRST.gone, counts.gone),
    roomIds: (): string[] => ids(FIRST.room, counts.rooms),
    room,
  };
}

const ids = (first: number, count: number): string[] => Array.from({ length: count }, (_, index) => idOf(first, index));

/** Missing and gone clients have one booking each, spread over all. */
function specialClients({ bookings, missing, gone }: { bookings: number; missing: number; gone: number }) {
  const all = [...ids(FIRST.missing, missing), ...ids(FIRST.gone, gone)];
  return new Map(all.map((id, n) => [Math.floor((n * bookings) / all.length), id]));
}
