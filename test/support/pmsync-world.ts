import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Connection, connect, type Db } from '../../db/connection.ts';
import {
  type RentprogSimulator,
  type RentprogSimulatorOptions,
  startRentprogSimulator,
} from '../../sources/rentprog/simulator.ts';
import { queueBackends } from './backends.ts';
import { createTestDatabase } from './database.ts';
import { expectBalanced, expectNobodyForgotten } from './invariants.ts';
import { createHome, type HomeOptions, type PmsyncHome } from './pmsync-process.ts';
import { startRedis, type TestRedis } from './redis-server.ts';
import { expectEqualToTruth } from './rentprog-truth.ts';
import type { Run } from './system.ts';
import { waitFor } from './wait-for.ts';

/** Everything a `./pmsync` of a test works with: a vendor, a database, a queue, a folder. */
export interface PmsyncWorld {
  home: PmsyncHome;
  simulator: RentprogSimulator;
  databaseUrl: string;
  db: Db;
  /** A Redis that nobody else uses; only with that backend. */
  redis: TestRedis;
  runs(): Promise<Run[]>;
  /** Waits until some pages have been fetched and others have not. */
  untilInTheMiddle(): Promise<void>;
  /** Waits until no run is going and nothing is left to apply; the next schedule may begin another. */
  settled(): Promise<void>;
  /** The mirror equals the vendor, the ledger of every closed run balances, no record is left to do. */
  expectMirrored(): Promise<void>;
  /** And no run is going. */
  expectComplete(): Promise<void>;
  close(): Promise<void>;
}

export type BackendName = 'redis' | 'postgres';

export interface WorldOptions extends Pick<HomeOptions, 'limits' | 'schedule' | 'hasHotel' | 'env'> {
  backend: BackendName;
  simulator?: RentprogSimulatorOptions;
  /** A PostgreSQL of the test's own, with the schema. */
  databaseUrl?: string;
}

const SECOND = 1000;
const MIDDLE = 6;

export const backendNames = (): BackendName[] => queueBackends().map((backend) => backend.name);

export async function openWorld(options: WorldOptions): Promise<PmsyncWorld> {
  const closings: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closing of closings.splice(0).reverse()) await closing();
  };
  try {
    const database = options.databaseUrl ? undefined : await createTestDatabase();
    if (database) closings.push(database.drop);
    const url = options.databaseUrl ?? database?.url ?? '';
    const redis = options.backend === 'redis' ? await startRedis() : undefined;
    if (redis) closings.push(redis.stop);
    const simulator = await startRentprogSimulator({
      branches: ['tbilisi', 'batumi'],
      bookings: 240,
      cars: 40,
      missingClients: 8,
      limits: null,
      latencyMs: [50, 150],
      ...options.simulator,
    });
    closings.push(() => simulator.close());
    const connection = connect({ url, max: 3, onError: () => {} });
    closings.push(connection.close);
    const home = createHome({
      ...options,
      limits: options.limits ?? { read: '600/min', search: '600/min', auth: '600/min' },
      simulator,
      env: { DATABASE_URL: url, REDIS_URL: redis?.url, ...options.env },
    });
    closings.push(home.remove);
    return { ...worldOf(connection, simulator), home, simulator, databaseUrl: url, redis: redis as TestRedis, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function worldOf({ db }: Connection, simulator: RentprogSimulator) {
  const runs = async () =>
    (await sql<Run>`select * from sync_log order by started_at, entity, account`.execute(db)).rows;
  const expectMirrored = async () => {
    await expectEqualToTruth(db, simulator);
    expectBalanced((await runs()).filter((run) => run.status !== 'running'));
    await expectNobodyForgotten(db);
  };
  return {
    db,
    runs,
    async untilInTheMiddle() {
      await waitFor(() => isInTheMiddle(db), {
        describe: 'some pages are done and some are not',
        timeoutMs: 30 * SECOND,
      });
    },
    async settled() {
      const busy = async () =>
        (
          await sql`select 1 from sync_log where status = 'running' union all
            select 1 from source_records where state in ('pending', 'parked', 'listed') limit 1`.execute(db)
        ).rows.length;
      await waitFor(async () => (await busy()) === 0, { describe: 'everything is done', timeoutMs: 30 * SECOND });
    },
    expectMirrored,
    async expectComplete() {
      await expectMirrored();
      expect((await runs()).filter((run) => run.status === 'running')).toEqual([]);
    },
  };
}

async function isInTheMiddle(db: Db): Promise<boolean> {
  const { rows } = await sql<{ done: number; queued: number }>`
    select count(*) filter (where p.state = 'done')::int as done, count(*) filter (where p.state = 'queued')::int as queued
    from sync_pages p join sync_log r on r.id = p.run_id where r.entity = 'bookings' and r.status = 'running'`.execute(
    db,
  );
  const { done, queued } = rows[0] ?? { done: 0, queued: 0 };
  return done >= MIDDLE && queued > 0;
}
