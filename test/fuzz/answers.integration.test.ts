import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { incoming } from '../../jobs/land-nested.ts';
import type { Account, EntityDefinition, SourceDefinition } from '../../sources/define-source.ts';
import { SourceError } from '../../sources/errors.ts';
import { connectSource, type SourceConnection } from '../../sources/http.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { type ReplayedVendor, replayVendor } from './support/replayed-vendor.ts';
import { runs } from './support/runs.ts';
import { spoiled, spoiling } from './support/spoiled-answers.ts';

const RUNS_OF_A_SOURCE = 150;
/** Fits into a page's name, a job's id and an index. */
const TOKEN = /^[^\p{Cc}\p{Cs}]{1,300}$/u;

interface Ask {
  name: string;
  /** What the vendor's answer comes to. */
  ask(account: Account, connection: SourceConnection): Promise<void>;
}

/** One page of each listing, and one record of each entity that can be asked for by its id. */
function asksOf(source: SourceDefinition): Ask[] {
  return source.entities
    .filter(({ partOf }) => partOf === undefined)
    .flatMap((entity) => [
      { name: `a page of ${entity.name}`, ask: (account, connection) => askPage(source, entity, account, connection) },
      { name: `one of ${entity.name}`, ask: (account, connection) => askOne(entity, account, connection) },
    ]);
}

async function askPage(
  source: SourceDefinition,
  entity: EntityDefinition,
  account: Account,
  connection: SourceConnection,
): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  const plan = { account, mode: 'full', today, since: null, resume: null, period: null } as const;
  const page = await entity.listing.fetch({ account, http: connection.open() }, entity.listing.first(plan)[0]!);
  for (const token of page.next) expect(token).toMatch(TOKEN);
  for (const record of page.records) expectToLand(entity, record);
  for (const set of page.sets ?? []) {
    const part = source.entities.find(({ name }) => name === set.entity)!;
    for (const record of set.records) expectToLand(part, record);
  }
}

async function askOne(entity: EntityDefinition, account: Account, connection: SourceConnection): Promise<void> {
  const found = await entity.one?.fetch({ account, http: connection.open() }, '900101');
  if (found && 'record' in found) expectToLand(entity, found.record);
  if (found && 'more' in found) expect(found.more).toMatch(TOKEN);
}

function expectToLand(entity: EntityDefinition, record: unknown): void {
  const { externalId, version, place } = incoming(entity, record);
  expect(externalId).toMatch(TOKEN);
  expect(version ?? '').toMatch(/^[\d :-]*$/);
  expect(place ?? '').toMatch(/^[^\p{Cc}\p{Cs}]*$/u);
}

const simulated = [...(await loadSources()).values()].filter((source) => source.simulate);

describe.each(simulated)('the answers of $name', (source) => {
  let vendor: ReplayedVendor;
  const asks = asksOf(source);
  beforeAll(async () => {
    vendor = await replayVendor(source, async (account, connection) => {
      for (const { ask } of asks) await ask(account, connection);
    });
  });
  afterAll(() => vendor?.close());

  test('spoiled in any way, are a page or one of our errors, and tell no secret', async () => {
    const secrets = Object.values(vendor.account.credentials);
    expect(vendor.known.length).toBeGreaterThan(2);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...asks),
        fc.constantFrom(...vendor.known),
        spoiling,
        async ({ ask }, request, how) => {
          vendor.spoil(request, (answer) => spoiled(answer, how));
          // Another object each time: sources remember things of an account.
          const account = { ...vendor.account };
          const connection = connectSource(source, account, { timeoutMs: 5000 });
          try {
            await ask(account, connection);
          } catch (error) {
            expect(error).toBeInstanceOf(SourceError);
            const { message, stack, cause, fields } = error as SourceError;
            for (const secret of secrets)
              expect(JSON.stringify([message, stack, fields, String(cause)])).not.toContain(secret);
          } finally {
            connection.close();
          }
        },
      ),
      runs(RUNS_OF_A_SOURCE),
    );
  });
});
