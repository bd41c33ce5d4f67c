import { storableText } from '../db/json.ts';
import { type IncomingRecord, landRecords } from '../db/landing/land-records.ts';
import { packPayload } from '../db/packed-payload.ts';
import { scopeOf } from '../db/record-key.ts';
import { transaction } from '../db/transaction.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import { bytesOf } from '../sources/record-bytes.ts';
import type { JobContext } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { upsertRecord } from './upsert-record.ts';

/** It stands in an index, which takes no more than 2,700 bytes of all its columns. */
const LONGEST_PLACE = 450;

/** A record as a vendor sent it, ready to land. */
export function incoming(entity: EntityDefinition, record: unknown): IncomingRecord {
  const isObject = record !== null && typeof record === 'object' && !Array.isArray(record);
  const fields = isObject ? (record as Record<string, unknown>) : {};
  const packed = packPayload(record, bytesOf(record));
  return {
    ...packed,
    // A record without an id is kept under a name made of its content, and quarantined by its schema.
    externalId: entity.key(fields) ?? `no-id-${packed.hash}`,
    version: entity.version?.(fields) ?? null,
    ...(entity.place && { place: storableText(entity.place(fields)).slice(0, LONGEST_PLACE) }),
  };
}

/** Lands the records inside the page's records: what is known already, and fuller, stays. */
export async function landNested(
  context: JobContext,
  { source, account }: { source: string; account: string },
  entity: EntityDefinition,
  records: unknown[],
  fetchedAt: Date,
) {
  const { nested } = entity;
  if (!nested) return;
  const inside = records.flatMap((record) =>
    record && typeof record === 'object' ? nested(record as Record<string, unknown>) : [],
  );
  for (const [name, group] of Map.groupBy(inside, (one) => one.entity)) {
    const inner = entityOf(context.sources, source, name);
    const { landed } = await transaction(context.db, (trx) =>
      landRecords(trx, {
        source,
        scope: scopeOf(inner, account),
        entity: name,
        account,
        runId: null,
        fetchedAt,
        partial: true,
        records: group.map((one) => incoming(inner, one.record)),
      }),
    );
    context.keepLanded(landed);
    await context.enqueue(
      upsertRecord,
      landed.map(({ externalId, version }) => ({ source, account, entity: name, externalId, version })),
    );
  }
}
