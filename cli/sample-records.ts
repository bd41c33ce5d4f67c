import { setTimeout as wait } from 'node:timers/promises';
import { readListingPlan } from '../db/runs/listing-plan.ts';
import { paceMs } from '../jobs/fetch-queue.ts';
import type { Account, EntityDefinition, FetchContext, SourceDefinition } from '../sources/define-source.ts';
import { recordsOfPage } from '../sources/records-of-page.ts';
import type { Runtime } from './runtime.ts';

/** A listing whose pages are mostly empty is not read to its end for a sample. */
const MOST_PAGES = 60;

/**
 * Records as an account sends them at this moment, `most` at most, read at the pace that its budget allows. Nothing is
 * stored. Throws a `SourceError`.
 */
export async function sampleRecords(
  { context, connection, settings }: Runtime,
  source: SourceDefinition,
  account: Account,
  entity: EntityDefinition,
  most: number,
): Promise<unknown[]> {
  const limit = settings.sources.find(({ name }) => name === source.name)?.limits[entity.listing.rateClass];
  const pause = () => wait(limit ? paceMs(limit) : 0);
  const plan = await readListingPlan(connection.db, {
    account,
    entity: entity.name,
    mode: 'incremental',
    period: null,
  });
  const pages = entity.listing.first(plan);
  const records: unknown[] = [];
  for (let n = 0; n < pages.length && n < MOST_PAGES && records.length < most; n += 1) {
    const vendor = context.vendor(source.name, account.name);
    const page = await entity.listing.fetch(vendor, pages[n] ?? '');
    await pause();
    pages.push(...page.next.filter((token) => !pages.includes(token)));
    const listed = recordsOfPage(source.entities, entity, page).slice(0, most - records.length);
    if (!entity.listing.idsOnly) records.push(...listed);
    else for (const record of listed) records.push(...(await readOne(vendor, entity, record, pause)));
  }
  return records;
}

async function readOne(
  vendor: FetchContext,
  { key, one }: EntityDefinition,
  listed: unknown,
  pause: () => Promise<void>,
): Promise<unknown[]> {
  const id = key((listed ?? {}) as Record<string, unknown>);
  if (id === undefined || !one) return [];
  const found = await one.fetch(vendor, id);
  await pause();
  return 'record' in found ? [found.record] : [];
}
