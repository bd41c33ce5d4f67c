import { type RawBuilder, sql } from 'kysely';
import type { Account, ListingPlan } from '../../sources/define-source.ts';
import type { Db } from '../connection.ts';
import { brokenOff, lastComplete } from './broken-off.ts';

/** What `readListingPlan` is asked for. */
export interface PlanRequest {
  account: Account;
  entity: string;
  mode: ListingPlan['mode'];
  /** Days somebody asked for. */
  period?: ListingPlan['period'] | undefined;
}

/** What a run that begins now is to read. Days are those of the account's zone, by the database's clock. */
export async function readListingPlan(db: Db, request: PlanRequest): Promise<ListingPlan> {
  const { account, mode, entity, period = null } = request;
  const target = { source: account.source, account: account.name, entity };
  const { rows } = await sql<{ today: string; since: string | null; first: string | null }>`
    select ${dayOf(account, sql`clock_timestamp()`)} as today, ${dayOf(account, lastComplete(target))} as since,
      (select ${dayOf(account, sql`min(started_at)`)} from sync_log where id in (${brokenOff(target)})) as first`.execute(
    db,
  );
  const { today, since, first } = rows[0]!;
  // A full run reads everything itself: what it has not seen counts as absent.
  const goesOn = first !== null && mode === 'incremental' && !period;
  const pages = goesOn ? await pagesReadToTheEnd(db, target) : new Set<string>();
  return { account, mode, today, since, resume: first && pages.size > 0 ? { pages, from: first } : null, period };
}

interface DonePage {
  page: string;
  next: string[] | null;
  /** Every record that stands on it has been read. */
  settled: boolean;
}

/** Pages of broken-off runs whose records, and whose further pages, have all been read. */
async function pagesReadToTheEnd(db: Db, target: Parameters<typeof brokenOff>[0]): Promise<Set<string>> {
  const { rows } = await sql<DonePage>`
    with broken as materialized (${brokenOff(target)}), unread as materialized (
      select run_id, substring(page from '^record [^ ]+ (.+)$') as id from sync_pages
      where run_id in (select id from broken) and kind = 'record' and state <> 'done'
    ), spoilt as (
      select distinct p.run_id, p.page from sync_pages p cross join unnest(p.ids) as listed (id)
      join unread u on u.run_id = p.run_id and u.id = listed.id
      where p.run_id in (select id from broken) and p.kind = 'list'
    )
    select distinct on (page) page, s.page is null as settled, p.next
    from sync_pages p left join spoilt s using (run_id, page)
    where p.run_id in (select id from broken) and p.kind = 'list' and not p.hot and p.state = 'done'
    order by page, s.page is null desc, p.changed_at desc`.execute(db);
  const pages = new Map(rows.filter((row) => row.settled).map((row) => [row.page, row.next ?? []]));
  let before = -1;
  // A page is read to its end when those it was answered with are; dropping one may take its own askers along.
  while (before !== pages.size) {
    before = pages.size;
    for (const [page, next] of pages) if (!next.every((one) => pages.has(one))) pages.delete(page);
  }
  return new Set(pages.keys());
}

function dayOf({ timezone }: Account, time: RawBuilder<unknown>) {
  return sql`to_char(${time} at time zone ${timezone}, 'YYYY-MM-DD')`;
}
