import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOlapRows } from '../../sources/iiko/olap-answer.ts';
import { departmentsQuery, OLAP_PATH } from '../../sources/iiko/olap-query.ts';
import { type IikoSimulator, startIikoSimulator, type Truth } from '../../sources/iiko/simulator.ts';
import { fourDigits, iikoAccount } from '../support/iiko-truth.ts';
import { type System, startSystem } from '../support/system.ts';

/** In ten-thousandths. */
const HALF_A_KOPECK = 50;

describe('the view sales', () => {
  let simulator: IikoSimulator;
  let system: System;
  let truth: Truth;
  let returned: { sum: string; lineId: string };

  beforeAll(async () => {
    simulator = await startIikoSimulator({ seed: 3, days: 4, lines: 200, goneStores: 0 });
    const backend = { name: 'postgres' } as const;
    system = await startSystem({ backend, accounts: [iikoAccount(simulator)] });
    await system.sync();
    const { lines, receipts } = simulator.truth();
    // The oldest day is read again only while the department's clock is not past midnight.
    const dates = [...new Set(receipts.map((receipt) => receipt.date))].sort();
    const dateOf = (line: Truth['lines'][number]) => receipts.find(({ orderId }) => orderId === line.orderId)!.date;
    const later = lines.filter((line) => dateOf(line) > dates[0]!);
    const whole = later.find((line) => !line.storned && Number(line.revenue) > 0 && Number(line.returned) === 0)!;
    returned = { sum: whole.revenue, lineId: whole.lineId };
    simulator.mutate.returnLine(dateOf(whole), whole.lineId);
    const gone = later.find((line) => line !== whole && line.orderId !== whole.orderId)!;
    simulator.mutate.removeLine(dateOf(gone), gone.lineId);
    await system.sync(['receipts']);
    truth = simulator.truth();
  });
  afterAll(async () => {
    await system?.stop();
    await simulator?.close();
  });

  const total = (rows: readonly { revenue: string }[]) =>
    rows.reduce((sum, { revenue }) => sum + BigInt(Math.round(Number(fourDigits(revenue)) * 10_000)), 0n);

  test('has one row for each line that is there, and not those that have gone', async () => {
    const rows = await system.table('sales');
    expect(rows).toHaveLength(truth.lines.length);
    expect(total(rows)).toBe(total(truth.lines));
  });

  test('gives the revenue of a day and department', async () => {
    const { rows } = await sql<{ accounting_date: string; department: string; revenue: string }>`
      select accounting_date, department, sum(revenue) as revenue from sales group by 1, 2 order by 1, 2`.execute(
      system.db,
    );
    const dayOf = new Map(truth.receipts.map((receipt) => [receipt.orderId, receipt.date]));
    const nameOf = new Map(
      simulator.departments.map(({ olapId, name }) => [olapId, name.trim().replace('&amp;', '&')]),
    );
    const groups = Map.groupBy(truth.lines, (line) => `${dayOf.get(line.orderId)} ${nameOf.get(line.departmentId)}`);
    expect(new Map(rows.map((row) => [`${row.accounting_date} ${row.department}`, total([row])]))).toEqual(
      new Map([...groups].map(([name, lines]) => [name, total(lines)])),
    );
  });

  test("rests on receipts, lines and payments whose day totals are the vendor's own, to the kopeck", async () => {
    const vendor = system.context.vendor('iiko', 'main');
    const days = [...new Set(truth.receipts.map(({ date }) => date))];
    expect(days.length).toBeGreaterThan(2);
    for (const date of days) {
      const query = departmentsQuery(date);
      const asked = readOlapRows(await vendor.http.getText(OLAP_PATH, { json: query }), query, { date });
      const theirs = total(asked.map((row) => ({ revenue: String(row.DishDiscountSumInt) })));
      const { rows } = await sql<{ revenue: string }>`
        select (select sum(total) from receipts where deleted_at is null and accounting_date = ${date}::date) as revenue
        union all select (select sum(i.total) from receipt_items i join receipts r on r.id = i.receipt_id
          where i.deleted_at is null and r.accounting_date = ${date}::date)
        union all select (select sum(p.amount) from receipt_payments p join receipts r on r.id = p.receipt_id
          where p.deleted_at is null and r.accounting_date = ${date}::date)`.execute(system.db);
      // The vendor's sums have more digits than numeric(14,4) keeps of each of them.
      for (const row of rows) expect(Math.abs(Number(total([row]) - theirs))).toBeLessThan(HALF_A_KOPECK);
    }
  });

  test('takes a return off once, on a line of its own, and names the payments without doubling lines', async () => {
    const [original] = await system.table('receipt_items', `external_id like '%${returned.lineId}'`);
    const rows = await system.table('sales');
    const sold = rows.find((row) => row.item_id === original.id);
    expect(sold).toMatchObject({ is_storned: true, net_revenue: fourDigits(returned.sum) });
    const back = rows.filter((row) => row.receipt_id === sold.receipt_id && Number(row.return_total) > 0);
    expect(back.map((row) => [row.product_id, row.net_revenue])).toEqual([
      [sold.product_id, `-${fourDigits(returned.sum)}`],
    ]);
    expect(rows.filter((row) => String(row.payment_types).includes(', ')).length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.item_id)).size).toBe(rows.length);
  });

  test('sums a period out of one index', async () => {
    await sql`vacuum analyze receipt_items`.execute(system.db);
    const plan = await system.db.connection().execute(async (db) => {
      await sql`set enable_seqscan = off`.execute(db);
      await sql`set enable_bitmapscan = off`.execute(db);
      const { rows } = await sql<Record<string, string>>`explain select accounting_date, department, sum(net_revenue)
        from sales where accounting_date between '2000-01-01' and '2100-01-01' and not is_deleted group by 1, 2`.execute(
        db,
      );
      await sql`reset all`.execute(db);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('Index Only Scan using receipt_items_sales_idx');
    expect(plan).not.toMatch(/products|stores|categories|receipt_payments/);
  });
});
