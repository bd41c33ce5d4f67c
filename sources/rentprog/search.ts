import type { Found, One } from '../define-source.ts';
import { externalIdOf } from '../fields.ts';
import { rowsOf } from './listing.ts';

const SHORTEST_QUERY = 3;
const MOST_PAGES = 20;

/**
 * README.md §3: there is no get-by-id. The search matches substrings of numbers, codes, names and phones, so it
 * returns other rows too and the wanted one may stand on a later page.
 */
export function searchById(path: string): One {
  return {
    rateClass: 'search',
    async fetch({ http }, externalId, page = '1'): Promise<Found> {
      if (externalId.length < SHORTEST_QUERY)
        return { absent: `an id shorter than ${SHORTEST_QUERY} characters cannot be searched` };
      const answer = await http.getJson(path, { query: { query: externalId, page: Number(page), per_page: 100 } });
      const rows = rowsOf(answer, path);
      const record = rows.find((row) => externalIdOf((row as { id?: unknown } | null)?.id) === externalId);
      if (record) return { record };
      if (rows.length === 0 || Number(page) >= MOST_PAGES) return { absent: 'not found' };
      return { more: String(Number(page) + 1) };
    },
  };
}

/** The full car by id; what an unknown id gets is not on record, so a missing or other id counts as absent. */
export const carById: One = {
  rateClass: 'read',
  async fetch({ http }, externalId): Promise<Found> {
    const answer = await http.getJson('/car_data', { query: { id: externalId }, absentOn: [404, 422] });
    const car = (answer as { data?: unknown } | undefined)?.data ?? answer;
    return externalIdOf((car as { id?: unknown } | null | undefined)?.id) === externalId
      ? { record: car }
      : { absent: 'not found' };
  },
};
