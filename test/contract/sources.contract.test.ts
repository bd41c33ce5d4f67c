import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askDatabase } from '../../db/ask-database.ts';
import type { Db } from '../../db/connection.ts';
import { payloadHash } from '../../db/json.ts';
import { packPayload } from '../../db/packed-payload.ts';
import { scopeOf } from '../../db/record-key.ts';
import { readListingPlan } from '../../db/runs/listing-plan.ts';
import type { Account, EntityDefinition, Simulation, SourceDefinition } from '../../sources/define-source.ts';
import { connectSource } from '../../sources/http.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { recordsOfPage } from '../../sources/records-of-page.ts';
import { type LandingBench, openLandingBench } from '../support/landing.ts';
import { inHouseAccounts, simulatedAccounts } from '../support/simulated-accounts.ts';

/** What every source has to keep to, whoever wrote it. One takes part by having a simulator, or records of its own in our database. */
const SEED = 11;
const RECORDS = 60;
const MOST_PAGES = 500;
const HOUR_MS = 3_600_000;

interface Fetched {
  account: Account;
  record: Record<string, unknown>;
}

const tried = [...(await loadSources()).values()].filter((source) => source.simulate ?? source.inHouse);

describe.each(tried)('the source $name', (source) => {
  let simulation: Simulation | undefined;
  let accounts: Account[];
  let bench: LandingBench;
  const fetched = new Map<string, Fetched[]>();

  beforeAll(async () => {
    simulation = await source.simulate?.({ records: RECORDS, seed: SEED });
    accounts = simulation ? simulatedAccounts(source, simulation) : inHouseAccounts(source);
    bench = await openLandingBench(source, (name) => accounts.find((account) => account.name === name)!);
    await source.inHouse?.demo.fill(askDatabase(bench.db));
    for (const entity of source.entities)
      fetched.set(entity.name, await readListings(bench.db, source, accounts, entity));
  });
  afterAll(async () => {
    await bench?.close();
    await simulation?.close();
  });

  const recordsOf = (entity: EntityDefinition) => fetched.get(entity.name)!;

  async function landAndApply(entity: EntityDefinition, over: Partial<Parameters<LandingBench['land']>[2]> = {}) {
    let changed = 0;
    const groups = Map.groupBy(recordsOf(entity), ({ account }) => account.name);
    for (const [account, group] of groups) {
      const scope = scopeOf(entity, account);
      const records = group.map(({ record }) => ({
        externalId: entity.key(record)!,
        ...packPayload(record),
        version: entity.version?.(record) ?? null,
      }));
      const { landed } = await bench.land(entity.name, [], { scope, account, records, ...over });
      changed += landed.length;
      await bench.apply(
        entity.name,
        landed.map((record) => record.externalId),
        scope,
      );
    }
    return changed;
  }

  async function tables(): Promise<unknown> {
    const names = [...new Set(source.entities.map((entity) => entity.table))];
    const all = await Promise.all(names.map((name) => bench.rows(name)));
    return all.map((rows) => rows.map(({ synced_at: _, ...row }) => row));
  }

  test.each(source.entities)('lists $name that match their schema', (entity) => {
    expect(recordsOf(entity).length).toBeGreaterThan(0);
    for (const { record } of recordsOf(entity)) {
      const parsed = entity.schema.safeParse(record);
      expect(parsed.error?.issues ?? [], `${entity.name} ${entity.key(record)}, seed ${SEED}`).toEqual([]);
    }
  });

  test.each(source.entities)('gives each of $name a key of its own', (entity) => {
    const known = new Map<string, string>();
    for (const { account, record } of recordsOf(entity)) {
      const key = entity.key(record);
      expect(key, JSON.stringify(Object.keys(record))).toMatch(/^\S.*$/);
      const name = `${scopeOf(entity, account.name)} ${key}`;
      const hash = payloadHash(JSON.stringify(record));
      expect(known.get(name) ?? hash, `two different ${entity.name} ${name}, seed ${SEED}`).toBe(hash);
      known.set(name, hash);
    }
  });

  test.each(source.entities)('maps all $name to the same columns, which its table has', async (entity) => {
    const { rows } = await sql<{ column_name: string }>`
      select column_name from information_schema.columns where table_schema = 'public' and table_name = ${entity.table}`.execute(
      bench.db,
    );
    const columns = new Set(rows.map((row) => row.column_name));
    const shapes = recordsOf(entity).map(({ account, record }) => entity.toRow(entity.schema.parse(record), account));
    const keys = Object.keys(shapes[0]!);
    for (const shape of shapes) {
      expect(Object.keys(shape)).toEqual(keys);
      expect(Object.values(shape)).not.toContain(undefined);
    }
    // Also of a record that says nothing but its id.
    const bare = Object.fromEntries(Object.keys(entity.schema.shape).map((field) => [field, undefined]));
    const [first] = recordsOf(entity);
    const keyFields = Object.entries(first!.record).filter(([field]) => entity.key({ [field]: first!.record[field] }));
    const parsed = entity.schema.safeParse({ ...bare, ...Object.fromEntries(keyFields) });
    if (parsed.success) expect(Object.keys(entity.toRow(parsed.data, first!.account))).toEqual(keys);
    expect(keys.filter((key) => !columns.has(key))).toEqual([]);
    for (const { column, from } of entity.references) {
      expect(columns).toContain(column);
      expect(keys).toContain(from);
      expect(keys, 'foreign keys are computed').not.toContain(column);
    }
  });

  test('applied twice, changes nothing', async () => {
    for (const entity of source.entities) expect(await landAndApply(entity)).toBeGreaterThan(0);
    const before = await tables();
    for (const entity of source.entities) expect(await landAndApply(entity), entity.name).toBe(0);
    expect(await tables()).toEqual(before);
    for (const entity of source.entities) expect(await landAndApply(entity, { force: true })).toBeGreaterThan(0);
    expect(await tables()).toEqual(before);
  });

  test('never lets an older page win', async () => {
    for (const entity of source.entities) await landAndApply(entity);
    const before = await tables();
    const hourAgo = new Date(Date.now() - HOUR_MS);
    for (const entity of source.entities) {
      for (const [account, group] of Map.groupBy(recordsOf(entity), (each) => each.account.name)) {
        const older = group.map(({ record }) => ({
          externalId: entity.key(record)!,
          ...packPayload({ ...record, an_older_page: true }),
          version: entity.version?.(record) ? '' : null,
        }));
        const scope = scopeOf(entity, account);
        const landing = { scope, account, records: older, fetchedAt: hourAgo };
        const { landed, stale } = await bench.land(entity.name, [], landing);
        expect({ landed, stale }).toEqual({ landed: [], stale: new Set(older.map((each) => each.externalId)).size });
      }
    }
    expect(await tables()).toEqual(before);
  });
});

async function readListings(db: Db, source: SourceDefinition, accounts: Account[], entity: EntityDefinition) {
  const all: Fetched[] = [];
  for (const account of accounts) {
    const connection = connectSource(source, account);
    try {
      const plan = await readListingPlan(db, { account, entity: entity.name, mode: 'full', period: null });
      const tokens = entity.listing.first(plan);
      for (let n = 0; n < tokens.length && n < MOST_PAGES; n += 1) {
        const page = await entity.listing.fetch(
          { account, http: connection.open(), askDatabase: askDatabase(db) },
          tokens[n]!,
        );
        tokens.push(...page.next);
        const records = entity.listing.idsOnly
          ? await readOneByOne(source, account, entity, page.records)
          : recordsOfPage(source.entities, entity, page);
        all.push(...records.map((record) => ({ account, record: record as Record<string, unknown> })));
      }
    } finally {
      await connection.endSession();
      connection.close();
    }
  }
  return all;
}

/** What the ids of a page stand for; the vendor may list what it has not got any more. */
async function readOneByOne(source: SourceDefinition, account: Account, entity: EntityDefinition, ids: unknown[]) {
  const connection = connectSource(source, account);
  try {
    const records: unknown[] = [];
    for (const id of ids) {
      const externalId = entity.key(id as Record<string, unknown>)!;
      const found = await entity.one!.fetch({ account, http: connection.open() }, externalId);
      if ('record' in found) records.push(found.record);
    }
    return records;
  } finally {
    connection.close();
  }
}
