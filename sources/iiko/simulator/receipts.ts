import { dateOf, wallTime } from './dates.ts';
import { idOf } from './ids.ts';
import { createLine, createLines, type LineMaker, refundOf, returnOf } from './lines.ts';
import { createPayment } from './payments.ts';
import { createRandom, hash, int, pick } from './random.ts';
import type { Settings } from './settings.ts';
import type { Department, Line, Payment, RawProduct, Receipt, Shift } from './types.ts';

const PEOPLE = ['Анна Тестова', 'Пётр Примеров', 'Лев Образцов', 'Нино Макетова '];
const ORDER_TYPES = ['Зал', 'С собой', 'Доставка'];
/** Every so many receipts of a day the same things happen: a refund, a deletion, a return, … */
const CYCLE = 40;
const MINUTES_OPEN = 16 * 60;

/** What a receipt is made from. `receipt` counts from 0 within the day and department. */
export interface Place {
  settings: Settings;
  products: Map<string, RawProduct>;
  department: Department;
  /** Index of the department. */
  index: number;
  /** Calendar day of the order, as a number. */
  day: number;
  /** How many receipts that day has. */
  count: number;
  storeIds: readonly string[];
}

/** A day and a department in one number, for ids. */
export const partOf = ({ day, index }: Pick<Place, 'day' | 'index'>): number => day * 256 + index;
export const orderId = (seed: number, receipt: number, part: number): string => idOf(seed, 'order', receipt, part);

export function createReceipt(place: Place, receipt: number, shift: Shift): Receipt {
  const { settings, department } = place;
  const { seed } = settings;
  const part = partOf(place);
  const random = createRandom(hash(hash(seed, 71, part), 1, receipt));
  const turn = receipt % CYCLE;
  const minutes = 9 * 60 + Math.floor(((receipt + random()) * MINUTES_OPEN) / place.count);
  const date = dateOf(place.day);
  const refunds = turn === 1 ? refundLines(place, receipt) : undefined;
  const isDeleted = turn === 7;
  const lines = refunds?.lines ?? saleLines(place, receipt);
  return {
    id: orderId(seed, receipt, part),
    department,
    date: shift.date,
    number: receipt + 1,
    fiscalChequeNumber: turn % 10 === 9 ? null : turn === 12 ? `${receipt + 1}, ${receipt + 2}` : String(receipt + 1),
    openTime: wallTime(date, minutes, int(random, 60), 0),
    closeTime: wallTime(date, minutes + 5 + int(random, 50), int(random, 60), pick(random, [0, 45, 99, 123])),
    sessionId: shift.id,
    sessionNumber: shift.number,
    orderType: typeOf(seed, receipt),
    guests: 1 + int(random, 4),
    waiter: turn % 8 === 6 ? null : person(seed, int(random, PEOPLE.length)),
    cashier: person(seed, 0),
    sourceOrderId: refunds?.of ?? null,
    deleted: isDeleted,
    lines: isDeleted ? lines.map((line) => ({ ...line, writeoff: 'DELETED_WITH_WRITEOFF' })) : lines,
    payments: isDeleted ? [] : paymentsOf(seed, receipt, part),
  };
}

const person = (seed: number, at: number) => ({ id: idOf(seed, 'person', at), name: PEOPLE[at] as string });
const typeOf = (seed: number, receipt: number) => {
  const at = receipt % ORDER_TYPES.length;
  return { id: idOf(seed, 'orderType', at), name: ORDER_TYPES[at] as string };
};

function makerOf(place: Place, receipt: number): LineMaker {
  const { settings, products, storeIds } = place;
  const part = partOf(place);
  const random = createRandom(hash(hash(settings.seed, 72, part), 1, receipt));
  return { settings, products, storeIds, part, receipt, random, discounted: receipt % 6 === 3 };
}

function saleLines(place: Place, receipt: number): Line[] {
  const { settings, day } = place;
  const maker = makerOf(place, receipt);
  const lines = createLines(maker, receipt % 5 === 2);
  const [gone, goneStore] = receipt === 0 ? goneHere(settings, place.index, day) : [-1, -1];
  if (gone >= 0) lines[0] = createLine(maker, 0, settings.products + gone, (lines[0] as Line).quantity);
  if (goneStore >= 0) lines[0] = { ...(lines[0] as Line), storeId: idOf(settings.seed, 'nobody', goneStore) };
  if (receipt % 13 !== 4) return lines;
  const returned = lines.at(-1) as Line;
  const negative = returnOf(returned, createLine(maker, lines.length, 0, 0n).id);
  return [...lines.slice(0, -1), { ...returned, storned: true }, negative];
}

/** The receipt of the day before that this one takes back. On the first day it is older than the history. */
function refundLines(place: Place, receipt: number): { of: string; lines: Line[] } {
  const before = { ...place, day: place.day - 1 };
  const { seed } = place.settings;
  const withSum = hash(seed, 73, partOf(place)) % 2 === 0;
  const maker = makerOf(place, receipt);
  const lines = saleLines(before, receipt - 1).map((line, at) =>
    refundOf(line, createLine(maker, at, 0, 0n).id, withSum),
  );
  return { of: orderId(seed, receipt - 1, partOf(before)), lines };
}

/** Number of the gone product, and of the gone store, that the first receipt of this day and department has. */
function goneHere(settings: Settings, index: number, day: number): [number, number] {
  const departments = settings.departments.length;
  const slot = day * departments + index;
  const slots = settings.days * departments;
  const here = (count: number, shiftBy: number): number => {
    if (count === 0) return -1;
    const step = Math.max(1, Math.floor(slots / count));
    const at = (slot + shiftBy) % slots;
    return at % step === 0 && at / step < count ? at / step : -1;
  };
  return [here(settings.goneProducts, 1), here(settings.goneStores, 2)];
}

function paymentsOf(seed: number, receipt: number, part: number): Payment[] {
  if (receipt % 31 === 8) return [];
  const type = receipt % 3;
  if (receipt % 9 !== 5) return [createPayment(seed, receipt, part, type, 1n)];
  return [createPayment(seed, receipt, part, 0, 1n), createPayment(seed, receipt, part, 1, 2n)];
}
