import { z } from 'zod';
import { field, isDay, refuse, trimmed } from '../fields.ts';

/** README.md §6. `new Date(text)` reads `10-11-2025 1:30` as October 11 and is never used. */
const LOCAL_TIME = /^(\d{2})-(\d{2})-(\d{4})(?:\s+(\d{1,2}):(\d{2}))?$/;

/** `DD-MM-YYYY H:mm`, branch-local, hour with one or two digits → `YYYY-MM-DD HH:mm`, still local. */
export const localTime = field((value) => {
  const raw = trimmed(value, 'expected a time');
  if (raw === null) return null;
  const [matched, d, m, y, hour = '0', minute = '00'] = LOCAL_TIME.exec(raw) ?? [];
  if (!matched || !isDay(Number(y), Number(m), Number(d)) || Number(hour) > 23 || Number(minute) > 59)
    refuse('expected DD-MM-YYYY H:mm, a time that exists');
  return `${y}-${m}-${d} ${hour.padStart(2, '0')}:${minute}`;
});

/** An object inside a record (`client`, `car`), of which only the id matters here. */
export const nested = z.object({ id: z.unknown() }).nullish().catch(null);
