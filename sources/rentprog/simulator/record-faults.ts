import { hash, hashText, share } from './random.ts';
import type { Faults, Fields, Json, Kind, RawRecord } from './types.ts';
import type { World } from './world.ts';

const KIND_SALT: Record<Kind, number> = { booking: 101, client: 102, car: 103 };
const BROKEN: readonly Fields[] = [
  { total: { a: 1 } },
  { start_date: '31-02-2025 1:30' },
  { end_date: '13-45-2025 99:99' },
  { client_id: { a: 1 } },
];

export type RecordFaults = ReturnType<typeof createRecordFaults>;

/** What faults do to single records. All of it hangs on the record's id alone, so a retry sees the same. */
export function createRecordFaults(world: World, faults: Faults) {
  const { settings, ids, plan } = world;
  let broken = { count: 0, fields: new Map<number, Fields>() };

  function brokenRecords(): Map<number, Fields> {
    const count = Math.min(faults.brokenRecords, settings.bookings);
    if (count === broken.count) return broken.fields;
    const fields = new Map<number, Fields>();
    for (let n = 0; n < settings.bookings && fields.size < count; n++) {
      const index =
        Math.floor(settings.bookings / count / 2) + Math.floor((fields.size * settings.bookings) / count) + n;
      const free = index % settings.bookings;
      if (plan.clientOfBooking.has(free) || plan.carOfBooking.has(free)) continue;
      fields.set(ids.bookingId(free), BROKEN[fields.size % BROKEN.length] as Fields);
    }
    broken = { count, fields };
    return fields;
  }

  return {
    on: (): boolean => faults.brokenRecords > 0 || faults.unknownFields > 0 || faults.wrongTypes > 0,
    brokenIds: (): number[] => [...brokenRecords().keys()],
    /** The record as the faults let it be seen. */
    spoil(kind: Kind, record: RawRecord): Fields {
      const salt = KIND_SALT[kind];
      let seen: Fields = record;
      if (faults.wrongTypes > 0) seen = retype(seen, hash(settings.seed, salt, record.id), faults.wrongTypes);
      if (share(hash(settings.seed, salt + 10, record.id)) < faults.unknownFields)
        seen = { ...seen, ...unknown(record.id) };
      return kind === 'booking' ? { ...seen, ...brokenRecords().get(record.id) } : seen;
    },
  };
}

function retype(record: Fields, salt: number, rate: number): Fields {
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => {
      const draw = hash(salt, 1, hashText(field));
      return [field, share(draw) < rate ? other(value, draw % 3) : value];
    }),
  );
}

/** The same value in another type. */
function other(value: Json, form: number): Json {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return form === 0 ? String(value) : form === 1 ? Number(value) : value ? '1' : '0';
  if (value === null) return '';
  if (value === '') return null;
  if (typeof value === 'string' && value.length < 15 && String(Number(value)) === value) return Number(value);
  return value;
}

const unknown = (id: number): Fields => ({
  new_vendor_field: `поле ${id % 10}`,
  loyalty: { tier: 'gold', points: [1, 2, 3], history: [{ at: '01-02-2025 3:04', delta: -5 }] },
  'field with blanks': null,
  __flags: [],
});
