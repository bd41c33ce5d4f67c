import { applyRecords } from '../../db/apply/apply-records.ts';
import type { ApplyTarget } from '../../db/apply/target.ts';
import { type Connection, connect, type Db } from '../../db/connection.ts';
import { type IncomingRecord, type Landing, landRecords } from '../../db/landing/land-records.ts';
import { databaseNow } from '../../db/now.ts';
import { packPayload } from '../../db/packed-payload.ts';
import { openRun } from '../../db/runs/open-run.ts';
import { transaction } from '../../db/transaction.ts';
import type { Account, SourceDefinition } from '../../sources/define-source.ts';
import { source as rentprog } from '../../sources/rentprog/index.ts';
import { createTestDatabase } from './database.ts';

export type Payload = Record<string, unknown> & { id?: unknown };

/** Landing and applying without queues, on a database of one's own. */
export interface LandingBench {
  db: Db;
  target: ApplyTarget;
  land(entity: string, payloads: readonly unknown[], over?: Partial<Landing> & { version?: string }): LandedAnswer;
  apply(entity: string, ids: readonly (number | string)[], scope?: string): ReturnType<typeof applyRecords>;
  /** Applies, and then everything that has become due, until nothing is left. */
  applyAll(entity: string, ids: readonly (number | string)[]): Promise<void>;
  openRun(entity: string): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: a row of whatever table was asked for
  rows(table: string, where?: string): Promise<any[]>;
  close(): Promise<void>;
}
type LandedAnswer = ReturnType<typeof landRecords>;

export const ACCOUNT = 'tbilisi';

function rentprogAccount(name: string): Account {
  const baseUrl = 'http://127.0.0.1:1';
  return { source: 'rentprog', name, baseUrl, timezone: 'Asia/Tbilisi', currency: 'GEL', credentials: {}, options: {} };
}

export async function openLandingBench(
  source: SourceDefinition = rentprog,
  accountOf = rentprogAccount,
): Promise<LandingBench> {
  const database = await createTestDatabase();
  const connection: Connection = connect({ url: database.url, max: 16, onError: () => {} });
  const { db, pool } = connection;
  const definition = (name: string) => source.entities.find((entity) => entity.name === name)!;
  const target: ApplyTarget = {
    source: source.name,
    entity: definition,
    account: accountOf,
    isParent: (name) => source.entities.some((each) => each.references.some(({ entity }) => entity === name)),
  };

  const bench: LandingBench = {
    db,
    target,
    async land(entity, payloads, { version, ...over } = {}) {
      const fetchedAt = over.fetchedAt ?? (await databaseNow(db));
      const records = payloads.map((payload) => incoming(payload, version ?? null));
      return transaction(db, (trx) =>
        landRecords(trx, {
          source: source.name,
          scope: '*',
          entity,
          account: ACCOUNT,
          runId: null,
          records,
          ...over,
          fetchedAt,
        }),
      );
    },
    apply: (entity, ids, scope = '*') => applyRecords(db, target, definition(entity), scope, ids.map(String)),
    async applyAll(entity, ids) {
      const { upserts } = await bench.apply(entity, ids);
      for (const [name, group] of Map.groupBy(upserts, ({ key }) => key.entity)) {
        await bench.applyAll(
          name,
          group.map(({ key }) => key.externalId),
        );
      }
    },
    async openRun(entity) {
      const request = { source: source.name, account: ACCOUNT, entity, mode: 'full', trigger: 'manual' } as const;
      const { runId } = await openRun(db, request, { pages: [] });
      return runId;
    },
    rows: async (table, where = 'true') =>
      (await pool.query(`select * from ${table} where ${where} order by external_id, account`)).rows,
    async close() {
      await connection.close();
      await database.drop();
    },
  };
  return bench;
}

function incoming(payload: unknown, version: string | null): IncomingRecord {
  const { id } = (payload ?? {}) as Payload;
  return { externalId: String(id ?? 'no-id'), ...packPayload(payload), version };
}

export function client(id: number, over: Payload = {}): Payload {
  return { id, name: 'Тест', lastname: `Тестов ${id}`, created_at: '01-02-2025 9:30', sale: 2.5, ...over };
}

export function booking(id: number, clientId: number | null = null, over: Payload = {}): Payload {
  return {
    id,
    client_id: clientId,
    car_id: null,
    state: 'Новая',
    start_date: '10-11-2025 1:30',
    end_date: '13-11-2025 10:00',
    total: 320.5,
    ...over,
  };
}
