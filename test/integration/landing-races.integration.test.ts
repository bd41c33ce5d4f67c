import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { releaseWaiters } from '../../db/apply/release-waiters.ts';
import { claimDueLookups, markGone } from '../../db/lookups.ts';
import { booking, client, type LandingBench, openLandingBench } from '../support/landing.ts';

/** Everything here happens at once on purpose; whichever way it turns out, the end has to be the same. */
let bench: LandingBench;
beforeEach(async () => {
  bench = await openLandingBench();
});
afterEach(() => bench.close());

const SEED = 1_234;
const range = (count: number, first = 1) => Array.from({ length: count }, (_, n) => n + first);

/** Marsaglia's xorshift: enough to shuffle, and the same for every run of the test. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

async function parked(): Promise<string[]> {
  return (await bench.rows('source_records', "state = 'parked'")).map((row) => row.external_id);
}

describe('a parent that comes at the moment its record is parked', () => {
  test('is never missed: both are applied at once', async () => {
    const ids = range(150);
    await bench.land(
      'clients',
      ids.map((id) => client(id)),
    );
    await bench.land(
      'bookings',
      ids.map((id) => booking(1000 + id, id)),
    );
    await Promise.all(ids.flatMap((id) => [bench.applyAll('bookings', [1000 + id]), bench.applyAll('clients', [id])]));
    expect(await parked()).toEqual([]);
    expect(await bench.rows('bookings', 'client_id is not null')).toHaveLength(ids.length);
  });

  test('is never missed: it lands while the record looks for it', async () => {
    const ids = range(150);
    await bench.land(
      'bookings',
      ids.map((id) => booking(1000 + id, id)),
    );
    await Promise.all(
      ids.flatMap((id) => [
        bench.applyAll('bookings', [1000 + id]),
        bench.land('clients', [client(id)]).then(() => bench.applyAll('clients', [id])),
      ]),
    );
    expect(await parked()).toEqual([]);
    expect(await bench.rows('bookings', 'client_id is not null')).toHaveLength(ids.length);
  });

  test('is never missed: one parent for many records, in batches of any size', async () => {
    const random = randomFrom(SEED);
    await bench.land(
      'bookings',
      range(200).map((id) => booking(1000 + id, 1 + (id % 4))),
    );
    const batches = range(60).map(() => range(1 + random(20)).map(() => 1001 + random(200)));
    await Promise.all([
      ...batches.map((batch) => bench.applyAll('bookings', batch)),
      bench.applyAll('bookings', range(200, 1001)),
      ...range(4).map((id) => bench.land('clients', [client(id)]).then(() => bench.applyAll('clients', [id]))),
    ]);
    expect(await parked(), `seed ${SEED}`).toEqual([]);
    expect(await bench.rows('bookings', 'client_id is not null')).toHaveLength(200);
  });

  test('is never missed: it is given up while the record parks', async () => {
    const ids = range(80);
    await bench.land(
      'bookings',
      ids.flatMap((id) => [booking(1000 + id, id), booking(2000 + id, id)]),
    );
    await bench.applyAll(
      'bookings',
      ids.map((id) => 1000 + id),
    );
    const lookups = await claimDueLookups(bench.db, 'rentprog', 'clients');
    expect(lookups).toHaveLength(ids.length);
    await Promise.all(
      lookups.flatMap((lookup) => {
        const { externalId } = lookup.key;
        const giveUp = async () => {
          await markGone(bench.db, lookup);
          const released = await releaseWaiters(bench.db, lookup.key, [externalId]);
          await bench.applyAll(
            'bookings',
            released.map(({ key }) => key.externalId),
          );
        };
        return [giveUp(), bench.applyAll('bookings', [2000 + Number(externalId)])];
      }),
    );
    expect(await parked()).toEqual([]);
    expect(await bench.rows('bookings', 'client_id is null and client_external_id is not null')).toHaveLength(160);
    expect(await bench.rows('sync_issues', 'resolved_at is null')).toHaveLength(160);
  });
});

test('many at once, landing and applying the same records, neither deadlock for good nor unbalance a ledger', async () => {
  const random = randomFrom(SEED);
  const runs: string[] = [];
  for (const n of range(4)) {
    runs.push(await bench.openRun('bookings'));
    // A run at a time is a rule for listings; here their ledgers matter.
    await sql`update sync_log set account = ${`account-${n}`} where id = ${runs.at(-1)}::uuid`.execute(bench.db);
  }
  const someIds = (first: number) => range(1 + random(25)).map(() => first + random(40));
  const steps = range(160).map((step) => {
    const runId = runs[random(runs.length)]!;
    switch (random(4)) {
      case 0:
        return () =>
          bench.land(
            'bookings',
            someIds(1001).map((id) => booking(id, id - 1000, { total: step })),
            { runId },
          );
      case 1:
        return () =>
          bench.land(
            'clients',
            someIds(1).map((id) => client(id, { sale: step })),
            { partial: random(3) === 0 },
          );
      case 2:
        return () => bench.applyAll('bookings', someIds(1001));
      default:
        return () => bench.applyAll('clients', someIds(1));
    }
  });
  await Promise.all(steps.map((step) => step()));
  await bench.land(
    'clients',
    range(40).map((id) => client(id)),
  );
  await bench.applyAll('clients', range(40));
  await bench.applyAll('bookings', range(40, 1001));

  expect(await bench.rows('source_records', "state <> 'applied'"), `seed ${SEED}`).toEqual([]);
  const { rows } = await sql<Record<string, number>>`
    select fetched, pending, inserted + updated + unchanged + stale + parked + quarantined as accounted
    from sync_log`.execute(bench.db);
  for (const ledger of rows) {
    expect(ledger, `seed ${SEED}`).toEqual({ fetched: ledger.fetched, pending: 0, accounted: ledger.fetched });
  }
  const newest = await bench.rows('bookings');
  const landed = await bench.rows('source_records', "entity = 'bookings'");
  expect(newest.map((row) => Number(row.price))).toEqual(landed.map((row) => row.payload.total));
});
