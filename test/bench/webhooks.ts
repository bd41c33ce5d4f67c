import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { startConsole } from '../../console/start-console.ts';
import { startBench } from './bench-system.ts';
import { type Figure, type Machine, world } from './scenarios.ts';

const EVENTS = 200;
const WARM_UP = 20;
const SECRET = 'bench-secret';

/** A booking changes at the vendor and its webhook arrives, 20 a second at most: how long until the row has the new price. */
export async function webhooks({ server, redisUrl }: Machine, backend: 'redis' | 'postgres'): Promise<Figure[]> {
  const bench = await startBench({ server, ...(backend === 'redis' && { redisUrl }), vendor: world(1000) });
  const console = await startConsole(bench.context, { host: '127.0.0.1', port: 0 });
  try {
    await bench.sync(['cars', 'clients', 'bookings']);
    const account = bench.context.settings.sources[0]!.accounts[0]!;
    account.webhookSecret = SECRET;
    const address = `${console.url}/webhooks/rentprog/${account.name}/${SECRET}`;
    const { rows } = await sql<{ id: string }>`
      select external_id as id from bookings order by external_id limit ${EVENTS + WARM_UP}`.execute(bench.db);
    const answered: number[] = [];
    const visible: number[] = [];
    for (const [n, { id }] of rows.entries()) {
      const total = 5000 + n;
      await bench.reprice(Number(id), total);
      const beganAt = performance.now();
      const body = JSON.stringify({ event: 'booking_update', payload: `{"id"=>${id}, "total"=>[1, 2]}` });
      await (await fetch(address, { method: 'POST', body })).text();
      answered.push(performance.now() - beganAt);
      while (!(await isHere(bench.db, id, total))) await wait(1);
      visible.push(performance.now() - beganAt);
      await wait(50);
    }
    const note = `${EVENTS} events one after another, ${backend} queue`;
    return [
      { name: `webhook answered, p95, ${backend}`, value: p95(answered), unit: 'ms', target: 50, note },
      { name: `webhook to visible row, p95, ${backend}`, value: p95(visible), unit: 'ms', target: 100, note },
    ];
  } finally {
    await console.close();
    await bench.stop();
  }
}

async function isHere(db: Awaited<ReturnType<typeof startBench>>['db'], id: string, total: number): Promise<boolean> {
  const { rows } = await sql`select 1 from bookings where external_id = ${id} and price = ${total}`.execute(db);
  return rows.length > 0;
}

function p95(all: readonly number[]): number {
  const sorted = all.slice(WARM_UP).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)]!;
}
