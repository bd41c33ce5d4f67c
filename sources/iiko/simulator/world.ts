import { createCatalogue } from './catalogue.ts';
import { createCorporation } from './corporation.ts';
import { dateOf, dayNumber } from './dates.ts';
import { createReceipt, type Place } from './receipts.ts';
import type { Settings } from './settings.ts';
import { createShifts } from './shifts.ts';
import type { Department, Receipt, Shift } from './types.ts';

const LINES_PER_RECEIPT = 3;
const DAYS_KEPT = 40;

export type World = ReturnType<typeof createWorld>;

/**
 * Everything the seed says, under what mutations changed. Days are made when they are asked for and forgotten again, so
 * a year of a million lines costs nothing up front; a day that was changed is kept.
 */
export function createWorld(settings: Settings) {
  const corporation = createCorporation(settings);
  const catalogue = createCatalogue(settings);
  const shifts = createShifts(settings, corporation);
  const lastDay = dayNumber(settings.today);
  const firstDay = lastDay - settings.days + 1;
  const slots = settings.days * settings.departments.length;
  const receipts = Math.round(settings.lines / LINES_PER_RECEIPT);
  const made = new Map<string, Receipt[]>();
  const changed = new Map<string, Receipt[]>();
  const storeIds = corporation.departments.map(({ id }) =>
    corporation.stores.filter(({ departmentId }) => departmentId === id).map((store) => store.id),
  );

  /** How many receipts a department writes on a calendar day; over all days they add up to the world's. */
  function countOf(index: number, day: number): number {
    const slot = (day - firstDay) * settings.departments.length + index;
    return Math.floor(((slot + 1) * receipts) / slots) - Math.floor((slot * receipts) / slots);
  }

  function ordersOf(department: Department, index: number, day: number, shift: Shift): Receipt[] {
    const count = countOf(index, day);
    const place: Place = {
      settings,
      products: catalogue.products,
      department,
      index,
      day,
      count,
      storeIds: storeIds[index] ?? [],
    };
    return Array.from({ length: count }, (_, receipt) => createReceipt(place, receipt, shift));
  }

  function makeDay(date: string): Receipt[] {
    const day = dayNumber(date);
    return corporation.departments.flatMap((department, index) => {
      const shift = shifts.shiftOf(department, date);
      if (!shift) return [];
      const days = shifts.isLong(department, date) ? [day, day + 1] : [day];
      return days.flatMap((each) => ordersOf(department, index, each, shift));
    });
  }

  function day(date: string): readonly Receipt[] {
    const known = changed.get(date) ?? made.get(date);
    if (known) return known;
    const receipts = makeDay(date);
    made.set(date, receipts);
    const oldest = made.keys().next();
    if (made.size > DAYS_KEPT && !oldest.done) made.delete(oldest.value);
    return receipts;
  }

  return {
    settings,
    corporation,
    catalogue,
    shifts,
    firstDate: dateOf(firstDay),
    lastDate: settings.today,
    hidden: new Set<string>(),
    /** All receipts of an accounting day. */
    day,
    /** Accounting days `from`…`to` (both included) within the history or changed by hand. */
    days(from: string, to: string): string[] {
      const dates = new Set([...changed.keys()].filter((date) => date >= from && date <= to));
      const end = Math.min(dayNumber(to), lastDay);
      for (let at = Math.max(dayNumber(from), firstDay); at <= end; at++) dates.add(dateOf(at));
      return [...dates].sort();
    },
    setDay(date: string, receipts: Receipt[]): void {
      changed.set(date, receipts);
    },
  };
}
