import { hash, hashText, share } from './random.ts';
import type { Faults, Fields, Json, Kind } from './types.ts';
import type { World } from './world.ts';

const KIND_SALT: Record<Kind, number> = { booking: 101, client: 102, room: 103 };
const BROKEN: readonly Fields[] = [
  { price: { a: 1 } },
  { date_in: '2025-02-31 14:00:00' },
  { date_out: 'завтра' },
  { client_id: { a: 1 } },
  { person: 'двое' },
];

export type RecordFaults = ReturnType<typeof createRecordFaults>;

/** What faults do to single records of a hotel. All of it hangs on the record's id alone, so a retry sees the same. */
export function createRecordFaults(world: World, faults: Faults) {
  const brokenIds = (): string[] => {
    const count = Math.min(faults.brokenRecords, world.counts.bookings);
    return Array.from({ length: count }, (_, n) =>
      world.bookingId(Math.floor(((n + 0.5) * world.counts.bookings) / count)),
    );
  };

  return {
    brokenIds,
    /** The record as the faults let it be seen. */
    spoil(kind: Kind, record: Fields): Fields {
      const id = Number(record.id);
      const salt = KIND_SALT[kind];
      let seen = record;
      if (faults.wrongTypes > 0) seen = retype(seen, hash(world.seed, salt, id), faults.wrongTypes);
      if (share(hash(world.seed, salt + 10, id)) < faults.unknownFields) seen = { ...seen, ...unknown(id) };
      const broken = kind === 'booking' && faults.brokenRecords > 0 ? brokenIds().indexOf(String(record.id)) : -1;
      return broken < 0 ? seen : { ...seen, ...BROKEN[broken % BROKEN.length] };
    },
    suddenlyNotFound: (id: string): boolean => share(hash(world.seed, 111, Number(id))) < faults.notFound,
    isHidden: (id: string): boolean => share(hash(world.seed, 112, Number(id))) < faults.hideClients,
    isMissed: (id: string): boolean => share(hash(world.seed, 113, Number(id))) < faults.missedChanges,
    /** The list with some rows twice in a row, so that a page holds a row twice or begins with the last one of the page before. */
    withRepeats(ids: readonly string[]): readonly string[] {
      if (faults.duplicateRows <= 0) return ids;
      return ids.flatMap((id) => (share(hash(world.seed, 121, Number(id))) < faults.duplicateRows ? [id, id] : [id]));
    },
  };
}

function retype(record: Fields, salt: number, rate: number): Fields {
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => {
      const draw = hash(salt, 1, hashText(field));
      return [field, share(draw) < rate ? other(value, draw) : value];
    }),
  );
}

/** The same value in another type. */
function other(value: Json, draw: number): Json {
  if (value === '') return null;
  if (typeof value !== 'string') return value;
  if (value.startsWith('0000-00-00')) return [null, '', '0000-00-00 00:00:00'][draw % 3] as Json;
  if (/^\d+\.\d\d$/.test(value)) return Number(value);
  return value.length < 15 && String(Number(value)) === value ? Number(value) : value;
}

const unknown = (id: number): Fields => ({
  new_vendor_field: `поле ${id % 10}`,
  labels: [{ id: '1', title: 'метка' }],
  'field with blanks': null,
  children: '0',
});
