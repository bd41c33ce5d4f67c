import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyRecords } from '../../db/apply/apply-records.ts';
import { databaseNow } from '../../db/now.ts';
import { unpackPayload } from '../../db/packed-payload.ts';
import { scopeOf } from '../../db/record-key.ts';
import { closeRun } from '../../db/runs/close-run.ts';
import { openRun } from '../../db/runs/open-run.ts';
import { landPage } from '../../db/runs/pages.ts';
import { incoming } from '../../jobs/land-nested.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { type LandingBench, openLandingBench } from '../support/landing.ts';
import { changed, changes } from './support/mutations.ts';
import { CANARY } from './support/nasty.ts';
import { runs } from './support/runs.ts';
import { type Fields, type Seeds, seedsOf } from './support/seed-records.ts';

const RUNS_OF_AN_ENTITY = 8;

interface Landed {
  external_id: string;
  state: 'applied' | 'parked' | 'quarantined';
  payload: unknown;
  last_error: string | null;
}

const simulated = [...(await loadSources()).values()].filter((source) => source.simulate);

describe.each(simulated)('records of $name', (source) => {
  let bench: LandingBench;
  let seeds: Seeds[];
  let page = 0;

  beforeAll(async () => {
    seeds = await seedsOf(source);
    bench = await openLandingBench(source, () => seeds[0]!.account);
  });
  afterAll(() => bench?.close());

  /** One page of one run, landed and applied at once or record by record. */
  async function syncPage({ entity, account }: Seeds, records: unknown[], atOnce: boolean) {
    const { db, target } = bench;
    page += 1;
    const token = `page ${page}`;
    const request = { source: source.name, account: account.name, entity: entity.name } as const;
    const { runId } = await openRun(db, { ...request, mode: 'full', trigger: 'requeue' }, { pages: [token] });
    const scope = scopeOf(entity, account.name);
    const ready = records.map((record) => incoming(entity, record));
    const ids = ready.map(({ externalId }) => externalId);
    const landing = { ...request, scope, runId, fetchedAt: await databaseNow(db), records: ready };
    const fetched = { token, attempt: 1, next: [], ids };
    const landed = await landPage(db, landing, fetched, atOnce ? { target, entity } : undefined);
    if (!atOnce)
      await applyRecords(
        db,
        target,
        entity,
        scope,
        landed!.landed.map(({ externalId }) => externalId),
      );
    return { runId, ready };
  }

  async function landings(entity: string): Promise<Map<string, Landed>> {
    const { rows } = await sql<Landed>`select external_id, state, payload, last_error from source_records
      where entity = ${entity} and payload is not null`.execute(bench.db);
    return new Map(rows.map((row) => [row.external_id, row]));
  }

  async function forget({ entity }: Seeds): Promise<void> {
    await sql`delete from source_records where entity = ${entity.name} and payload is not null`.execute(bench.db);
    await sql`delete from ${sql.table(entity.table)}`.execute(bench.db);
    await sql`delete from sync_issues where entity = ${entity.name}`.execute(bench.db);
  }

  async function expectBalanced(runId: string): Promise<void> {
    const { rows } = await sql<Record<string, number>>`select * from sync_log where id = ${runId}::uuid`.execute(
      bench.db,
    );
    const run = rows[0]!;
    const { inserted, updated, unchanged, stale, parked, quarantined } = run as Record<string, number>;
    const accounted = inserted! + updated! + unchanged! + stale! + parked! + quarantined!;
    expect({ fetched: run.fetched, pending: run.pending }).toEqual({ fetched: accounted, pending: 0 });
    if (parked! > 0) return;
    const closing = await closeRun(bench.db, runId, {});
    expect(closing).toMatchObject({ closed: true, status: quarantined! > 0 ? 'partial' : 'succeeded' });
  }

  async function expectExplained(entity: string, record: Landed): Promise<void> {
    const { rows } = await sql<{ message: string; details: { problems: Fields[] } }>`
      select message, details from sync_issues where entity = ${entity} and external_id = ${record.external_id}
        and kind = 'invalid_record' and resolved_at is null`.execute(bench.db);
    expect(rows).toHaveLength(1);
    const { problems } = rows[0]!.details;
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems)
      expect(problem).toEqual({
        field: expect.stringMatching(/./),
        found: expect.stringMatching(/^(nothing|null|array|string|number|boolean|object|a fault|SQLSTATE \w{5})$/),
        rule: expect.stringMatching(/./),
      });
    expect(JSON.stringify([rows, record.last_error])).not.toContain(CANARY);
  }

  test('spoiled in any way, are applied or set aside with a reason, and harm no other', async () => {
    for (const seed of seeds) {
      const { entity, records } = seed;
      expect(records.length).toBeGreaterThan(0);
      await syncPage(seed, records, true);
      const usual = await landings(entity.name);
      const refersToItself = entity.references.some((reference) => reference.entity === entity.name);

      const spoiled = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: changes }), {
        minLength: 1,
        maxLength: records.length,
      });
      await fc.assert(
        fc.asyncProperty(spoiled, fc.boolean(), async (made, atOnce) => {
          await forget(seed);
          const sent = records.map((record, at) => changed(record, made[at] ?? []));
          const { runId, ready } = await syncPage(seed, sent, atOnce);
          await expectBalanced(runId);
          const here = await landings(entity.name);
          for (const { externalId, json } of ready) {
            const record = here.get(externalId);
            expect(record, `${entity.name} ${externalId} is kept`).toBeDefined();
            if (ready.filter((other) => other.externalId === externalId).length === 1)
              expect(record!.payload).toEqual(unpackPayload(json));
            expect(record!.state).toMatch(/^(applied|parked|quarantined)$/);
            if (record!.state === 'quarantined') await expectExplained(entity.name, record!);
          }
          for (const [at, record] of records.entries()) {
            if ((made[at] ?? []).length > 0) continue;
            const id = entity.key(record)!;
            const states = refersToItself ? ['applied', 'parked'] : [usual.get(id)!.state];
            expect(states, `${entity.name} ${id}, which nobody has touched`).toContain(here.get(id)!.state);
          }
        }),
        runs(RUNS_OF_AN_ENTITY),
      );
      await forget(seed);
      await syncPage(seed, records, true);
    }
  });
});
