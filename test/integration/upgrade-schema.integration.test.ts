import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../db/connection.ts';
import { assertSchema, migrateToLatest } from '../../db/migrate.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten } from '../support/invariants.ts';
import { allRows, olderVersions, restoreOlderDatabase, startOlderVendor } from '../support/older-database.ts';
import { forgetKeys } from '../support/redis-nodes.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { startSystem } from '../support/system.ts';

const MIRRORED = ['clients', 'cars', 'bookings'];

describe.each(
  olderVersions(),
)('a database that the version with migration %s has left in the middle of a sync', (version) => {
  test('is refused before it is migrated, and migrating keeps every row as it was', async () => {
    const database = await restoreOlderDatabase(version);
    onTestFinished(database.drop);
    const { db, close } = connect({ url: database.url, max: 1, onError: () => {} });
    onTestFinished(close);
    await expect(assertSchema(db)).rejects.toThrow(/older than this pmsync .*Run: \.\/pmsync migrate/);

    const before = await allRows(database.url);
    const { applied } = await migrateToLatest(database.url);
    expect(applied[0]!.slice(0, 4) > version).toBe(true);
    await assertSchema(db);
    const after = await allRows(database.url);
    for (const [table, rows] of before) {
      const columns = Object.keys(rows[0] ?? {});
      const kept = after.get(table)!.map((row) => JSON.stringify(columns.map((column) => row[column])));
      expect(kept.sort(), table).toEqual(
        rows.map((row) => JSON.stringify(columns.map((column) => row[column]))).sort(),
      );
    }
    expect(before.get('bookings')!.length).toBeGreaterThan(10);
    await expect(migrateToLatest(database.url)).resolves.toEqual({ applied: [] });
  });

  describe.each(queueBackends())('with the queue on $name', (backend) => {
    test('goes on where it was: old jobs drain, the open runs close, and it equals the vendor', async () => {
      const simulator = await startOlderVendor();
      onTestFinished(() => simulator.close());
      const database = await restoreOlderDatabase(version);
      onTestFinished(database.drop);
      await migrateToLatest(database.url);
      const before = await allRows(database.url);
      const open = before.get('sync_log')!.filter(({ status }) => status === 'running');
      expect(open.length).toBeGreaterThan(0);

      const prefix = `${backend.prefix ?? 'test'}-${randomBytes(3).toString('hex')}`;
      const system = await startSystem({ backend, simulator, on: { databaseUrl: database.url, prefix } });
      onTestFinished(async () => {
        await system.stop();
        if (backend.redisUrl) await forgetKeys(backend.redisUrl, prefix);
      });
      await system.settled(120_000);
      const closed = (await system.runs()).filter(({ id }) => open.some((run) => run.id === id));
      expect(closed.map(({ status }) => status)).toEqual(open.map(() => 'succeeded'));
      await expectEqualToTruth(system.db, simulator);

      const runs = await system.sync(MIRRORED);
      expect(runs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
      // What the older version has hashed is recognized: an upgrade does not write every record once more.
      expect(runs.reduce((sum, { inserted, updated }) => sum + inserted + updated, 0)).toBe(0);
      await expectEqualToTruth(system.db, simulator);
      expectBalanced(await system.runs());
      await expectNobodyForgotten(system.db);
      const failed = await Promise.all(
        system.queues.backend === 'postgres'
          ? ['sync', 'apply'].map((name) => system.queues.queue(name).getFailed())
          : [],
      );
      expect(failed.flat().map(({ name, failedReason }) => ({ name, failedReason }))).toEqual([]);
    });
  });
});
