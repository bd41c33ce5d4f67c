import type { Settings } from './settings.ts';

const FIRST_CLIENT = 700_201;
const FIRST_CAR = 400_301;
const CLIENT_STEP = 20;
const CAR_STEP = 10;

export type Ids = ReturnType<typeof createIds>;

/**
 * Ids are pure functions of the index, so a million records need no table of ids. With collisions every 20th client
 * and every 10th car take the id of a booking; the offsets of the ranges are multiples of the steps, so that ids
 * stay unique within their kind.
 */
export function createIds(settings: Settings) {
  const { collisions, clients, cars } = settings;
  const firstBooking = collisions ? 900_101 : 10_000_001;

  const clientId = (index: number): number =>
    (collisions && index % CLIENT_STEP === 0 ? firstBooking : FIRST_CLIENT) + index;
  const carId = (index: number): number => (collisions && index % CAR_STEP === 0 ? firstBooking : FIRST_CAR) + index;

  function indexIn(id: number, count: number, first: number, toId: (index: number) => number): number {
    for (const base of [first, firstBooking]) {
      const index = id - base;
      if (index >= 0 && index < count && toId(index) === id) return index;
    }
    return -1;
  }

  return {
    bookingId: (index: number): number => firstBooking + index,
    bookingIndex: (id: number): number => id - firstBooking,
    clientId,
    /** Index among the listed clients, −1 for any other id. */
    clientIndex: (id: number): number => indexIn(id, clients, FIRST_CLIENT, clientId),
    carId,
    carIndex: (id: number): number => indexIn(id, cars, FIRST_CAR, carId),
    /** Some missing clients take the id of a car or of a booking too. */
    missingClientId(n: number): number {
      if (collisions && n % 4 === 0) return FIRST_CAR + 1 + CAR_STEP * (n / 4);
      if (collisions && n % 4 === 1 && clients < 199_000) return firstBooking + 7 + CLIENT_STEP * ((n - 1) / 4);
      return 500_001 + n;
    },
    goneClientId: (n: number): number => (collisions && n % 2 === 0 ? FIRST_CAR + 2 + CAR_STEP * (n / 2) : 470_001 + n),
    missingCarId: (n: number): number => 460_001 + n,
    createdClientId: (n: number): number => 100_001 + n,
  };
}
