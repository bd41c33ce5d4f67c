import type { Corporation } from './corporation.ts';
import { dateOf, dayNumber, wallTime } from './dates.ts';
import { idOf } from './ids.ts';
import { hash } from './random.ts';
import type { Settings } from './settings.ts';
import type { Department, Shift } from './types.ts';

const LONG_EVERY = 29;

/**
 * One cash shift a day and department, from nine in the morning to two at night. Now and then one is left open for two
 * days: then the second day's orders belong to the first day, and the second accounting day is empty.
 */
export function createShifts(settings: Settings, corporation: Corporation) {
  const { seed } = settings;
  const changed = new Map<string, Partial<Shift>>();
  const last = dayNumber(settings.today);
  const first = last - settings.days + 1;

  const indexOf = (department: Department): number => corporation.departments.indexOf(department);
  const startsLong = (department: number, day: number): boolean =>
    day < last - 1 && hash(seed, 61 + department, day) % LONG_EVERY === 0;

  /** Every second long shift in a row is a usual one again, so a run of them cannot swallow a week. */
  function isLong(department: number, day: number): boolean {
    let start = day;
    while (startsLong(department, start - 1)) start--;
    return startsLong(department, day) && (day - start) % 2 === 0;
  }

  /** The shift opened that day; undefined when the one of the day before was still open, or outside the history. */
  function shiftOf(department: Department, date: string): Shift | undefined {
    const index = indexOf(department);
    const day = dayNumber(date);
    if (day < first || day > last || (day > first && isLong(index, day - 1))) return undefined;
    const isOpen = day === last;
    const closeMinutes = (isLong(index, day) ? 48 : 26) * 60;
    return {
      id: idOf(seed, 'shift', index, day),
      department,
      number: day - first + 1,
      date,
      openDate: wallTime(date, 9 * 60, 0, 120),
      closeDate: isOpen ? null : wallTime(date, closeMinutes, 5, 0),
      acceptDate: day < last - 2 ? wallTime(date, closeMinutes + 12 * 60, 0, 0) : null,
      status: isOpen ? 'OPEN' : day < last - 2 ? 'ACCEPTED' : 'CLOSED',
      ...changed.get(`${index} ${date}`),
    };
  }

  return {
    shiftOf,
    isLong: (department: Department, date: string): boolean => isLong(indexOf(department), dayNumber(date)),
    /** Those opened on `from`…`to`, both included. */
    list(from: string, to: string): Shift[] {
      const end = Math.min(dayNumber(to), last);
      const days: string[] = [];
      for (let day = Math.max(dayNumber(from), first); day <= end; day++) days.push(dateOf(day));
      return days.flatMap((date) => corporation.departments.flatMap((each) => shiftOf(each, date) ?? []));
    },
    change(department: Department, date: string, patch: Partial<Shift>): Shift {
      const key = `${indexOf(department)} ${date}`;
      changed.set(key, { ...changed.get(key), ...patch });
      const shift = shiftOf(department, date);
      if (!shift) throw new RangeError(`The iiko simulator opened no shift at ${department.name} on ${date}`);
      return shift;
    },
  };
}
