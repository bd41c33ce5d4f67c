import type { FetchContext, HotSet, Page } from '../define-source.ts';
import { bareIds, call, rowsOf } from './api.ts';
import { addDays } from './days.ts';

/** Guests who arrive next matter most: their room is being prepared. */
const STAYS = { fromDays: -1, toDays: 3 };

/** A page token is `type from..to page`; the types are those of `searchBooking`. */
const PAGE = /^(checkin|stay|checkout) (\S+)\.\.(\S+) (\d+)$/;

/**
 * README.md §3.2. Who arrives, stays and leaves these days is asked for by the days of the stay: that finds what the change
 * list keeps quiet about. Its rows may be short of fields, so only their ids are taken.
 */
export const hotSet: HotSet = {
  pages: ({ today }) => {
    const yesterday = addDays(today, -1);
    return [
      `checkin ${yesterday}..${addDays(today, STAYS.toDays)} 1`,
      `stay ${today}..${today} 1`,
      `checkout ${yesterday}..${today} 1`,
    ];
  },
  stays: STAYS,
};

export const isHotPage = (page: string): boolean => PAGE.test(page);

export async function fetchHotPage(context: FetchContext, page: string): Promise<Page> {
  const [, type = '', from = '', to = '', number = ''] = PAGE.exec(page) ?? [];
  const method = 'searchBooking';
  const params = { type, from_date: from, to_date: to, page: number };
  const answer = await call(context, method, params, { form: true });
  const rows = rowsOf(answer, method);
  const isLast = rows.length === 0 || Number(number) >= (answer.pages ?? 1);
  return { records: bareIds(rows, method), next: isLast ? [] : [`${type} ${from}..${to} ${Number(number) + 1}`] };
}
