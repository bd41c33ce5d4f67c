import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../../db/connection.ts';
import { startBench } from '../bench-system.ts';
import { type Figure, type Machine, percentile, type QueueBackend } from '../figure.ts';
import { world } from '../world.ts';

const EVENTS = 200;
const WARM_UP = 20;
const SECRET = 'bench-secret';

/** A booking changes at the vendor and its webhook arrives, 20 a second at most: how long until the row has the new price. */
export async function webhooks({ server, redisUrl }: Machine, backend: QueueBackend): Promise<Figure[]> {
  const queue = backend === 'redis' ? { redisUrl } : {};
  const bench = await startBench({ server, ...queue, vendor: world(1000), webhookSecret: SECRET });
  try {
    await bench.sync(['cars', 'clients', 'bookings']);
    const address = `${bench.consoleUrl}/webhooks/rentprog/${bench.accounts[0]!.name}/${SECRET}`;
    const { rows } = await sql<{ id: string }>`
      select external_id as id from bookings order by external_id limit ${EVENTS + WARM_UP}`.execute(bench.db);
    const answered: number[] = [];
    const visible: number[] = [];
    for (const [n, { id }] of rows.entries()) {
      const total = 5000 + n;
      await bench.reprice(Number(id), total);
      const beganAt = performance.now();
      const body = JSON.stringify({ event: 'booking_update', payload: `{"id"=>${id}, "total"=>[1, 2]}` });
      const response = await fetch(address, { method: 'POST', body });
      await response.text();
      if (!response.ok) throw new Error(`a webhook was answered ${response.status}`);
      answered.push(performance.now() - beganAt);
      while (!(await isHere(bench.db, id, total))) await wait(1);
      visible.push(performance.now() - beganAt);
      await wait(50);
    }
    const note = `${EVENTS} events one after another, ${backend} queue, console and worker in processes of their own`;
    const p95 = (all: readonly number[]) => percentile(all.slice(WARM_UP), 0.95);
    return [
      {
        name: `webhook answered, p95, ${backend}`,
        value: p95(answered),
        unit: 'ms',
        target: backend === 'redis' ? { most: 50 } : null,
        note,
      },
      {
        name: `webhook to visible row, p95, ${backend}`,
        value: p95(visible),
        unit: 'ms',
        target: { most: 100 },
        note,
        chart: { title: 'Webhook received to visible row, p95, ms', label: backend },
      },
    ];
  } finally {
    await bench.stop();
  }
}

async function isHere(db: Db, id: string, total: number): Promise<boolean> {
  const { rows } = await sql`select 1 from bookings where external_id = ${id} and price = ${total}`.execute(db);
  return rows.length > 0;
}
