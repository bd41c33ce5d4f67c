import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportsSchema } from '../../console/pages/reports/schemas.ts';
import { type ConsoleWorld, openConsoleWorld, wordsOf, XSS } from '../support/console-world.ts';

describe('reports in the console', () => {
  let world: ConsoleWorld;
  let account: string;
  let client: string;
  beforeAll(async () => {
    world = await openConsoleWorld({ name: 'postgres' }, { bookings: 20, missingClients: 0, goneClients: 1 });
    const { rows } = await sql<{ account: string; client: string }>`
      select account, client_external_id as client from bookings where client_id is null and client_external_id is not null`.execute(
      world.system.db,
    );
    [{ account, client } = { account: '', client: '' }] = rows;
    await sql`insert into sync_issues (source, account, entity, external_id, kind, message)
      values ('rentprog', ${account}, 'bookings', ${XSS}, 'rejected', ${XSS})`.execute(world.system.db);
  });
  afterAll(() => world?.stop());

  const read = async (query: string) => reportsSchema.parse(await world.json(`/api/reports?${query}`));

  test('are chosen by account, day and language', async () => {
    const empty = await world.admin.get('/reports');
    expect(wordsOf(empty)).toContain('Choose an account and a day.');
    expect(empty.text.match(/<option value="rentprog\//g)).toHaveLength(2);
    const page = await world.viewer.get(`/reports?target=rentprog/${account}&date=&language=en`);
    expect(page.text).toMatch(new RegExp(`<h1>Error report: RentProg, ${account}, \\d{4}-\\d\\d-\\d\\d</h1>`));
    expect(page.text.match(/<h1>/g)).toHaveLength(1);
    expect(page.text).toContain('<link rel="stylesheet" href="/assets/report.css">');
    expect((await world.admin.get('/assets/report.css')).text).toContain('@media print');
    const words = wordsOf(page);
    expect(words).toContain(`client ${client} is gone at RentProg: blocks 1 booking`);
    expect(words).toContain('What it may be');
    const russian = wordsOf(await world.viewer.get(`/reports?source=rentprog&account=${account}&language=ru`));
    expect(russian).toContain(`клиент ${client}: нет в RentProg`);
  });

  test('say the same as JSON', async () => {
    const { report } = await read(`target=rentprog/${account}`);
    expect(report).toMatchObject({ source: 'rentprog', account, zone: 'Asia/Tbilisi', total: 2 });
    expect(report?.causes.map(({ kind }) => kind).toSorted()).toEqual(['gone_parent', 'rejected']);
    expect((await read('')).report).toBeNull();
    expect((await read('target=nowhere/at-all')).report).toBeNull();
    const old = (await read(`target=rentprog/${account}&date=2020-02-29`)).report;
    expect(old).toMatchObject({ date: '2020-02-29', total: 0 });
    expect((await world.admin.get('/reports?date=2025-02-30')).status).toBe(400);
  });

  test('lead to the days around them', async () => {
    const page = await world.admin.get(`/reports?target=rentprog/${account}&date=2024-03-01&language=en`);
    expect(page.text).toContain(`source=rentprog&amp;account=${account}&amp;date=2024-02-29&amp;language=en`);
    expect(page.text).toContain('date=2024-03-02');
  });

  test('are files as well', async () => {
    const file = (format: string) => world.admin.get(`/reports/file/${format}?target=rentprog/${account}&language=ru`);
    const types = { md: 'text/markdown', html: 'text/html', json: 'application/json' };
    for (const [format, type] of Object.entries(types)) {
      const { status, headers, text } = await file(format);
      expect([format, status]).toEqual([format, 200]);
      expect(headers['content-type']).toContain(type);
      expect(headers['content-disposition']).toMatch(
        new RegExp(`^attachment; filename="pmsync-rentprog-${account}-[\\d-]+\\.${format}"$`),
      );
      expect(text).toContain('Отчёт');
    }
    expect(JSON.parse((await file('json')).text)).toMatchObject({ reports: [{ account, total: 2 }] });
    expect((await file('exe')).status).toBe(400);
    expect((await world.admin.get('/reports/file/md')).status).toBe(404);
  });

  test('keep whatever a vendor said as text', async () => {
    const page = await world.admin.get(`/reports?target=rentprog/${account}`);
    expect(page.text).not.toContain('<img');
    expect(wordsOf(page)).toContain(XSS);
  });
});
