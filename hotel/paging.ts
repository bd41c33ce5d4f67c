import type { z } from 'zod';
import { HotelRule } from './hotel-rule.ts';

/** One page of a list. `next`: cursor of the page after it, null on the last one. */
export interface ListPage<T> {
  items: T[];
  next: string | null;
}

/** The sort key of the last row of a page, as text that goes into a URL. */
export function cursorOf(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The sort key a cursor stands for. Throws `VALUE_INVALID` for one that is not ours. */
export function parseCursor<T extends z.ZodType>(cursor: string | undefined, key: T): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    const [en, ru] = ['This page is not known: begin the list again.', 'Такой страницы нет: откройте список заново.'];
    throw new HotelRule('VALUE_INVALID', { field: 'after', en, ru });
  }
}

/** `rows` holds one row more than the page when there is another page. */
export function pageOf<T>(rows: T[], limit: number, keyOf: (row: T) => readonly (string | number)[]): ListPage<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? cursorOf(keyOf(last)) : null };
}

/** Text that somebody searches for, as a pattern of LIKE that finds it anywhere. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
