import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../transaction.ts';

/**
 * A record that is read by its id for a run is a page of that run: the ledger of pages keeps the run open until each has
 * been answered, and an id that is asked for twice costs one request.
 */
export function recordPage(externalId: string, searchPage = '1'): string {
  return `record ${searchPage} ${externalId}`;
}

export function parseRecordPage(page: string): { externalId: string; searchPage: string } | undefined {
  const [, searchPage, externalId] = /^record (\S+) (.+)$/s.exec(page) ?? [];
  return searchPage && externalId ? { searchPage, externalId } : undefined;
}

/**
 * Adds the records of a query (one column `external_id`) to the pages of a run and answers with those that are new to it.
 * The caller counts them as open.
 */
export async function addRecordPages(
  trx: Trx,
  runId: string,
  externalIds: RawBuilder<unknown>,
  { hot = false }: { hot?: boolean } = {},
): Promise<string[]> {
  const { rows } = await sql<{ page: string }>`
    insert into sync_pages (run_id, page, kind, hot)
    select ${runId}::uuid, ${recordPage('')} || external_id, 'record', ${hot} from (${externalIds}) as asked (external_id)
    on conflict do nothing returning page`.execute(trx);
  return rows.map(({ page }) => parseRecordPage(page)?.externalId ?? '');
}
