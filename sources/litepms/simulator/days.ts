const DAY_MS = 86_400_000;

/** Days are counted from 1970-01-01. */
export const dayNumber = (day: string): number => Math.floor(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / DAY_MS);
export const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

const two = (n: number): string => String(n).padStart(2, '0');

/** `YYYY-MM-DD HH:MM:SS`, the hotel's wall clock. */
export const wallTime = (day: number, hour: number, minute = 0, second = 0): string =>
  `${dayText(day)} ${two(hour)}:${two(minute)}:${two(second)}`;

export type Clock = ReturnType<typeof createClock>;

/** What time it is at a hotel: the real one, on another day where one was set. */
export function createClock(fixedDay: string | null) {
  let fixed = fixedDay;
  const now = (timezone: string): string => {
    const real = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
    const text = real.format(new Date());
    return fixed === null ? text : `${fixed}${text.slice(10)}`;
  };
  return {
    now,
    today: (timezone: string): string => now(timezone).slice(0, 10),
    setToday(day: string | null): void {
      fixed = day;
    },
  };
}
