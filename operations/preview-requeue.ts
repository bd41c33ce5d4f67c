import { type NearMiss, nearMisses } from '../db/near-misses.ts';
import { findFailed, findRecords, type Requeueable, type RequeueStep, stepOf } from '../db/requeueable.ts';
import { entityOf } from '../jobs/entity-of.ts';
import { knownEntities } from './choose-entity.ts';
import type { OperationsContext } from './context.ts';
import { UsageError } from './usage-error.ts';
import { numbersOf } from './visible-numbers.ts';

/** Which records are meant. */
export interface IdsOrder {
  source: string;
  entity: string;
  account?: string | undefined;
  /** External ids, as they were typed or pasted: see `parseIds`. */
  ids: readonly string[];
  /** Read the records again at the source first. */
  refetch?: boolean | undefined;
}

export type FailedOrder = Omit<IdsOrder, 'ids' | 'entity'> & { entity?: string | undefined };

/** A record as it stands, and what would become of it. */
export interface PreviewRecord {
  external_id: string;
  /** What staff knows the booking by. */
  number: string | null;
  entity: string;
  account: string;
  state: string;
  last_error: string | null;
  waits_for: string[] | null;
  step: RequeueStep;
}

export interface UnknownId {
  external_id: string;
  /** What it may have meant. */
  near_misses: NearMiss[];
}

export interface RequeuePreview {
  refetch: boolean;
  /** In the order asked for. */
  records: PreviewRecord[];
  unknown: UnknownId[];
}

/** So many ids at once; more are more likely a mistake than a wish. */
export const MOST_IDS = 100_000;

/** What `requeueIds` would do. Changes nothing. */
export async function previewRequeue(context: OperationsContext, order: IdsOrder): Promise<RequeuePreview> {
  const { refetch = false } = order;
  const { found, unknown } = await findAsked(context, order);
  return {
    refetch,
    records: await previewOf(context, found, refetch),
    unknown: await explainUnknown(context, order, unknown),
  };
}

/** The records in the order asked for, and the ids that nothing is known by. */
export async function findAsked(
  context: OperationsContext,
  { source, entity, account, ids, refetch = false }: IdsOrder,
): Promise<{ found: Requeueable[]; unknown: string[] }> {
  if (ids.length > MOST_IDS) throw new UsageError(`These are ${ids.length} ids; at most ${MOST_IDS} go at once.`);
  if (refetch) checkReadable(context, source, [entityOf(context.sources, source, entity).name]);
  const place = new Map(ids.map((id, index) => [id, index]));
  const found = await findRecords(context.db, { source, entity, account }, [...place.keys()]);
  const here = new Set(found.map((record) => record.external_id));
  return {
    found: found.toSorted((a, b) => (place.get(a.external_id) ?? 0) - (place.get(b.external_id) ?? 0)),
    unknown: [...place.keys()].filter((id) => !here.has(id)),
  };
}

/** Every record that has not gone through: parked, in quarantine, or stored without its parent. */
export async function findUnwell(
  context: OperationsContext,
  { source, entity, account, refetch = false }: FailedOrder,
): Promise<Requeueable[]> {
  const found = await findFailed(context.db, { source, entity, account });
  if (refetch) checkReadable(context, source, new Set(found.map((record) => record.entity)));
  return found;
}

/** Throws `UsageError` where a source cannot read these entities' records one by one. */
export function checkReadable({ sources }: OperationsContext, source: string, entities: Iterable<string>): void {
  const definitions = sources.get(source)?.entities ?? [];
  const unable = [...entities].filter((name) => !definitions.find((entity) => entity.name === name)?.one);
  if (unable.length > 0)
    throw new UsageError(`${source} cannot read ${unable.join(', ')} one by one: re-queue them as they were landed.`);
}

export async function previewOf(
  context: Pick<OperationsContext, 'db' | 'sources'>,
  found: readonly Requeueable[],
  refetch: boolean,
): Promise<PreviewRecord[]> {
  const numbers = await numbersOf(context, found);
  return found.map((record, i) => ({
    external_id: record.external_id,
    number: numbers[i] ?? null,
    entity: record.entity,
    account: record.account,
    state: record.state,
    last_error: record.last_error,
    waits_for: record.waits_for,
    step: stepOf(record, refetch),
  }));
}

/** Hints for ids that nothing is known by; for so many of them as anybody reads. */
export async function explainUnknown(
  context: OperationsContext,
  { source, entity, account }: { source: string; entity: string; account?: string | undefined },
  ids: readonly string[],
): Promise<UnknownId[]> {
  const misses = await nearMisses(
    context.db,
    { source, entity, account },
    knownEntities(context),
    ids.slice(0, MOST_EXPLAINED),
  );
  return ids.map((id) => ({ external_id: id, near_misses: misses.get(id) ?? [] }));
}

const MOST_EXPLAINED = 500;
