import { countFindings } from '../../../db/compare/read-findings.ts';
import { databaseNow } from '../../../db/now.ts';
import { openCompare } from '../../../jobs/open-compare.ts';
import { type Bench, startBench } from '../bench-system.ts';
import type { Figure, Machine } from '../figure.ts';
import { untilClosed } from '../until-closed.ts';
import { world } from '../world.ts';

/** `compare` of twice as many bookings as a usual load has, with a vendor that has no limits; nothing differs. */
export async function compare({ server, redisUrl, records }: Machine): Promise<Figure[]> {
  const bookings = 2 * records;
  const bench = await startBench({ server, redisUrl, vendor: world(bookings) });
  try {
    await bench.sync(['cars', 'clients', 'bookings']);
    // As a new process, so that its memory is that of the comparison.
    await bench.stopWorkers();
    await bench.startWorkers(1);
    const [vendorBefore, [before]] = [await bench.vendorUsage(), await bench.usage()];
    const seconds = await compareAll(bench, bookings);
    const [vendorAfter, [after]] = [await bench.vendorUsage(), await bench.usage()];
    const vendorSeconds = vendorAfter.cpuSeconds - vendorBefore.cpuSeconds;
    const name = `compare of ${bookings.toLocaleString('en')} ids`;
    return [
      { name, value: seconds, unit: 's', target: null, note: 'until its findings are counted, 500 a page' },
      {
        name: `${name}, the vendor's share`,
        value: vendorSeconds,
        unit: 's',
        target: null,
        note: "processor time of the simulated vendor's process",
      },
      { name: `${name}, own time`, value: seconds - vendorSeconds, unit: 's', target: { most: 5 }, note: 'the rest' },
      {
        name: `${name}, processor time of the worker`,
        value: after!.cpuSeconds - before!.cpuSeconds,
        unit: 's',
        target: null,
        note: 'a part of its own time; the rest is PostgreSQL and waiting',
      },
      {
        name: `${name}, memory of the worker`,
        value: after!.peakMb,
        unit: 'MB',
        target: { most: 300 },
        note: `at most; ${Math.round(before!.rssMb)} MB when it had just started`,
      },
    ];
  } finally {
    await bench.stop();
  }
}

/** Seconds. */
async function compareAll({ context, db, accounts }: Bench, bookings: number): Promise<number> {
  const { name: account, timezone } = accounts[0]!;
  const target = { source: 'rentprog', account, entity: 'bookings' };
  const began = performance.now();
  const since = await databaseNow(db);
  const runId = await openCompare(context, target, null);
  await untilClosed(db, { entity: 'bookings', since, count: 1 });
  const run = { runId, account, timezone, period: null };
  const found = await countFindings(
    db,
    { source: 'rentprog', entity: 'bookings', table: 'bookings', runs: [run], periodColumn: null },
    run,
  );
  const seconds = (performance.now() - began) / 1000;
  if (found.listed !== bookings || found.missing + found.different + found.not_listed > 0)
    throw new Error(`the comparison of ${bookings} found ${JSON.stringify(found)}`);
  return seconds;
}
