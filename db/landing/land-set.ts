import { sql } from 'kysely';
import type { EntityDefinition } from '../../sources/define-source.ts';
import { type DeleteBrake, exceeds } from '../deletes/brake.ts';
import { buryRecords } from '../deletes/bury-records.ts';
import { openIssues, resolveIssues } from '../issues.ts';
import type { RunDeltas } from '../runs/ledger.ts';
import { tally } from '../runs/ledger.ts';
import type { Trx } from '../transaction.ts';
import type { IncomingRecord } from './land-records.ts';

/** The sets of one entity that came with a page. */
export interface LandingSet {
  entity: EntityDefinition;
  scope: string;
  /** Beginnings of the places that are complete. */
  covers: readonly string[];
  records: IncomingRecord[];
}

/** The page that the sets came with. */
export interface SetPage {
  source: string;
  account: string;
  /** Of the listing. */
  entity: string;
  runId: string;
  token: string;
  /** Database clock before the request went out. */
  fetchedAt: Date;
  brake: DeleteBrake;
}

interface Vanished {
  set: LandingSet;
  ids: string[];
  known: number;
}

const SAMPLE = 10;

/**
 * What lay in the places of the sets and is not in them any more gets a tombstone: for all sets of the page, or, when one of
 * them comes empty where something was or loses more than the brake lets pass, for none. Answers with what the runs count.
 */
export async function buryVanished(
  trx: Trx,
  page: SetPage,
  sets: readonly LandingSet[],
): Promise<Map<string, RunDeltas>> {
  const ledger = tally();
  const vanished: Vanished[] = [];
  for (const set of sets) vanished.push({ set, ...(await readVanished(trx, page, set)) });
  const worst = vanished.find((each) => isTooMuch(each, page.brake));
  if (worst && !(await isConfirmed(trx, page.runId))) {
    await hold(trx, page, worst);
    return ledger.changes;
  }
  for (const { set, ids } of vanished) {
    if (ids.length === 0) continue;
    const { source, fetchedAt: asked } = page;
    const target = { source, scope: set.scope, entity: set.entity.name, table: set.entity.table };
    const { deleted, changes } = await buryRecords(trx, { ...target, externalIds: ids, asked });
    ledger.addAll(changes);
    ledger.add(page.runId, { deleted });
  }
  const { source, account, entity, token } = page;
  const closed = { externalIds: [token], kinds: ['delete_brake' as const], resolution: 'read again within the brake' };
  await resolveIssues(trx, { source, entity, scope: account, ...closed });
  return ledger.changes;
}

/** Known records of the places: how many, and those that the set has not got. */
async function readVanished(
  trx: Trx,
  { source, fetchedAt }: SetPage,
  { entity, scope, covers, records }: LandingSet,
): Promise<{ known: number; ids: string[] }> {
  if (covers.length === 0) return { known: 0, ids: [] };
  const here = records.map((record) => record.externalId);
  const { rows } = await sql<{ known: number; ids: string[] | null }>`
    with known as materialized (
      select s.external_id from unnest(${[...new Set(covers)]}::text[]) as c (beginning)
      cross join lateral (
        select external_id from source_records s
        where s.source = ${source} and s.entity = ${entity.name} and s.scope = ${scope}
          and s.place >= c.beginning collate "C" and s.place < (c.beginning || chr(1114111)) collate "C"
          and s.place is not null and s.deleted_at is null and s.state not in ('gone', 'listed') and s.fetched_at <= ${fetchedAt}
      ) s
    )
    select (select count(*)::int from known) as known,
      (select array_agg(external_id order by external_id) from (
        select external_id from known except select unnest(${here}::text[])) gone) as ids`.execute(trx);
  return { known: rows[0]?.known ?? 0, ids: rows[0]?.ids ?? [] };
}

function isTooMuch({ set, ids, known }: Vanished, brake: DeleteBrake): boolean {
  if (ids.length === 0) return false;
  // An answer without any record is more often a fault than the truth.
  return set.records.length === 0 || exceeds(brake, ids.length, known);
}

async function isConfirmed(trx: Trx, runId: string): Promise<boolean> {
  const { rows } = await sql<{ confirmed: boolean }>`
    select confirm_deletes as confirmed from sync_log where id = ${runId}::uuid`.execute(trx);
  return rows[0]?.confirmed ?? false;
}

/** What came has landed; what is missing stays as it is, the run cannot turn green, and an issue says what to run. */
async function hold(trx: Trx, page: SetPage, { set, ids, known }: Vanished): Promise<void> {
  const { source, account, entity, token, runId, brake } = page;
  const name = set.entity.name;
  const message =
    `page ${token}: ${ids.length} of ${known} ${name} are not at the source any more, which is more than the brake lets pass ` +
    `(${brake.percent} % and ${brake.rows} rows, or all). Nothing of the page is deleted here. If they are really gone, run: ` +
    `./pmsync sync --source ${source} --account ${account} --entity ${entity} --full --confirm-deletes ` +
    '(or --from and --to instead of --full, where it can be asked for days)';
  const details = { deletes: ids.length, known, brake, sample: ids.slice(0, SAMPLE) };
  const about = { source, account, entity, externalId: token, kind: 'delete_brake' as const };
  await openIssues(trx, [{ ...about, message, details, runId }]);
  const error = `page ${token}: the delete brake holds ${ids.length} of ${known} ${name}; see the open issue`;
  await sql`update sync_log set error = coalesce(error, ${error}) where id = ${runId}::uuid`.execute(trx);
}
