import { type SeenRecord, storeSeen } from '../db/compare/store-seen.ts';
import { packPayload } from '../db/packed-payload.ts';
import type { EntityDefinition, Page } from '../sources/define-source.ts';
import { bytesOf } from '../sources/record-bytes.ts';
import { recordsOfPage } from '../sources/records-of-page.ts';
import type { JobContext } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { type FetchPage, fetchPage } from './fetch-page.ts';
import { followUp } from './follow-up.ts';

/** What a comparison needs of a page, and nothing else of it: see `PackedPayload`. */
export function seenPage({ sources }: JobContext, { source, entity: name }: FetchPage, page: Page) {
  const entity = entityOf(sources, source, name);
  const records = recordsOfPage(sources.get(source)?.entities ?? [], entity, page);
  return { next: page.next, records: records.map((record) => seenOf(entity, record)) };
}

/** A page of a run that compares: what stands on it is held against our rows instead of landing. */
export async function comparePage(
  context: JobContext,
  job: FetchPage,
  { next, records }: ReturnType<typeof seenPage>,
  requests: number,
): Promise<string> {
  const { source, account: accountName, entity: name, runId, page: token, attempt = 1 } = job;
  const entity = entityOf(context.sources, source, name);
  const { account } = context.vendor(source, accountName);
  const stored = await storeSeen(context.db, entity, account, {
    runId,
    token,
    attempt,
    next,
    requests,
    records,
  });
  if (!stored) return 'already done';
  await context.enqueue(
    fetchPage,
    stored.next.map((following) => ({ ...job, ...following })),
  );
  await followUp(context, source, { runs: stored.runs });
  return `${records.length} compared`;
}

function seenOf(entity: EntityDefinition, record: unknown): SeenRecord {
  const isObject = record !== null && typeof record === 'object' && !Array.isArray(record);
  const bare = typeof record === 'string' || typeof record === 'number' ? String(record) : undefined;
  const externalId = bare ?? entity.key(isObject ? (record as Record<string, unknown>) : {});
  if (entity.listing.idsOnly && externalId !== undefined) return { externalId };
  const packed = packPayload(record, bytesOf(record));
  // As landing names a record without an id.
  return { externalId: externalId ?? `no-id-${packed.hash}`, ...packed };
}
