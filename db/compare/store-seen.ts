import { sql } from 'kysely';
import type { Account, EntityDefinition } from '../../sources/define-source.ts';
import { fieldsWithColumn, type MappedRow, mapRecord } from '../apply/map-record.ts';
import type { Db } from '../connection.ts';
import { landedAlike } from '../landed-of.ts';
import { type PackedPayload, unpackPayload } from '../packed-payload.ts';
import { recordId, scopeOf } from '../record-key.ts';
import type { AskedPage } from '../runs/ask-again.ts';
import { endWithRuns, type RunState } from '../runs/ledger.ts';
import { type FetchedPage, finishPage, likenessOf, openNext } from '../runs/pages.ts';
import { type Trx, transaction } from '../transaction.ts';
import { type Candidate, writeVerdicts } from './write-verdicts.ts';

/** A record on a page of the vendor's; where the listing gives ids only there is no payload. */
export interface SeenRecord extends Partial<PackedPayload> {
  externalId: string;
}

export interface SeenPage extends Omit<FetchedPage, 'ids' | 'again'> {
  runId: string;
  requests: number;
  records: readonly SeenRecord[];
}

/** Of a page: so many rows go through one statement, whatever the vendor puts on it. */
const MOST_AT_ONCE = 500;

/**
 * Writes down how the records of a page stand here, in the transaction that closes the page. Nothing lands. In the run's
 * ledger they count as unchanged. Undefined when somebody else has done the page.
 */
export async function storeSeen(
  db: Db,
  entity: EntityDefinition,
  account: Account,
  { runId, requests, records, ...page }: SeenPage,
): Promise<{ next: AskedPage[]; runs: RunState[] } | undefined> {
  return transaction(db, async (trx) => {
    const { distinct, idsHash } = likenessOf(records.map(({ externalId }) => externalId));
    // Windows are no offsets: two with the same ids in them are no sign of the list's end.
    const likeness = entity.listing.idsOnly ? null : idsHash;
    const rows = records.length;
    const done = await finishPage(trx, runId, { ...page, rows, ids: distinct, idsHash: likeness });
    if (!done) return undefined;
    const following = await openNext(trx, runId, page.next, done);
    const unique = [...Map.groupBy(records, ({ externalId }) => externalId).values()];
    for (let start = 0; start < unique.length; start += MOST_AT_ONCE) {
      const group = unique.slice(start, start + MOST_AT_ONCE);
      const payloads = entity.listing.idsOnly ? await landedPayloads(trx, entity, account, group) : undefined;
      const landed = await landedAsSeen(trx, entity, account, payloads ? [] : group.map((same) => same.at(-1)!));
      const candidates = group.map((same) => candidateOf(entity, account, same, { payloads, landed }));
      const target = { source: account.source, scope: scopeOf(entity, account.name), entity: entity.name };
      const compared = { table: entity.table, fieldsWithColumn: fieldsWithColumn(entity), foreignKeys: keysOf(entity) };
      await writeVerdicts(trx, { ...target, ...compared, runId, page: page.token }, candidates);
    }
    const progress = { pages_done: 1, pages_open: following.opened - 1 };
    const runs = await endWithRuns(trx, new Map([[runId, { ...progress, fetched: rows, unchanged: rows, requests }]]));
    return { next: following.asked, runs };
  });
}

/** Another pass over the list shows every record again: only what stands twice in one pass is twice at the source. */
export async function forgetTimes(trx: Trx, runId: string): Promise<void> {
  await sql`update compare_seen set times = 0 where run_id = ${runId}::uuid`.execute(trx);
}

interface Landed {
  /** Of the listing that gives ids only: what has landed, by external id. */
  payloads: ReadonlyMap<string, unknown> | undefined;
  /** External ids of records that have landed just as they were seen: their payloads need not be sent. */
  landed: ReadonlySet<string>;
}

async function landedAsSeen(
  trx: Trx,
  entity: EntityDefinition,
  account: Account,
  seen: readonly SeenRecord[],
): Promise<Set<string>> {
  const hashed = seen.flatMap(({ externalId, hash }) => (hash === undefined ? [] : [{ externalId, hash }]));
  if (hashed.length === 0) return new Set();
  const key = { source: account.source, scope: scopeOf(entity, account.name), entity: entity.name };
  const { rows } = await sql<{ external_id: string }>`
    select i.external_id from ${landedAlike(key, hashed)}`.execute(trx);
  return new Set(rows.map((row) => row.external_id));
}

function candidateOf(
  entity: EntityDefinition,
  account: Account,
  same: readonly SeenRecord[],
  { payloads, landed }: Landed,
): Candidate {
  const { externalId, json, hash } = same.at(-1)!;
  const payload = payloads ? payloads.get(externalId) : json && unpackPayload(json);
  const key = { source: account.source, scope: scopeOf(entity, account.name), entity: entity.name, externalId };
  const candidate: Candidate = { external_id: externalId, id: recordId(key), times: same.length };
  // With ids only there is no payload of the vendor's to compare with: the row is compared with what has landed.
  if (hash !== undefined) Object.assign(candidate, { hash }, !landed.has(externalId) && { payload });
  if (payload === undefined) return candidate;
  const mapped = mapRecord(account.source, entity, account, externalId, payload);
  if ('problems' in mapped) return { ...candidate, problems: mapped.problems.map(({ field }) => field) };
  return { ...candidate, row: comparable(entity, mapped.row) };
}

/** What says where a record belongs is no content; where ids are those of the whole source, several accounts may list one. */
function comparable(entity: EntityDefinition, row: MappedRow): Record<string, unknown> {
  const { id: _id, source: _source, external_id: _externalId, deleted_at: _deletedAt, account, ...columns } = row;
  return entity.scope === 'account' ? { account, ...columns } : columns;
}

function keysOf(entity: EntityDefinition): string[] {
  return entity.references.map(({ column }) => column);
}

async function landedPayloads(
  trx: Trx,
  entity: EntityDefinition,
  account: Account,
  records: readonly (readonly SeenRecord[])[],
): Promise<Map<string, unknown>> {
  const ids = records.map((same) => same[0]!.externalId);
  const { rows } = await sql<{ external_id: string; payload: unknown }>`
    select external_id, payload from source_records
    where source = ${account.source} and scope = ${scopeOf(entity, account.name)} and entity = ${entity.name}
      and external_id = any(${ids}::text[]) and payload is not null`.execute(trx);
  return new Map(rows.map((row) => [row.external_id, row.payload]));
}
