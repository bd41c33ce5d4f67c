import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doneSchema, formSchema, previewSchema, receiptSchema } from '../../console/pages/requeue/schemas.ts';
import { type ConsoleWorld, openConsoleWorld, wordsOf, XSS } from '../support/console-world.ts';
import { waitFor } from '../support/wait-for.ts';

describe('a list of ids in the console', () => {
  let world: ConsoleWorld;
  let known: { id: string; number: string; account: string }[];
  beforeAll(async () => {
    world = await openConsoleWorld(
      { name: 'postgres' },
      { bookings: 30, missingClients: 0, goneClients: 1, missingCars: 0 },
    );
    const { rows } = await sql<(typeof known)[number]>`
      select external_id as id, number, account from bookings where client_id is not null order by external_id`.execute(
      world.system.db,
    );
    known = rows;
  });
  afterAll(() => world?.stop());

  const preview = async (body: object) =>
    previewSchema
      .strict()
      .parse(JSON.parse((await world.post('/api/requeue/preview', { target: 'rentprog/bookings', ...body })).text));
  const receipt = async (path: string) => receiptSchema.strict().parse(await world.json(`/api${path}`));
  const auditRows = async () => (await sql`select * from audit_log`.execute(world.system.db)).rows.length;

  test('is shown with what is known of each, before anything happens', async () => {
    const [first, second] = known;
    const { rows } = await sql<{ id: string; waits: string }>`
      select external_id as id, waits_for[1] as waits from source_records where entity = 'bookings' and waits_for is not null`.execute(
      world.system.db,
    );
    const [lacking] = rows;
    const before = await auditRows();
    const ids = `${second?.id}, ${lacking?.id};${first?.id}\n${first?.id} 999999999 ${XSS}`;
    const data = await preview({ ids });
    expect(data.ids).toEqual([second?.id, lacking?.id, first?.id, '999999999']);
    expect(data.preview?.records).toMatchObject([
      { external_id: second?.id, state: 'applied', step: 'apply', waits_for: null },
      { external_id: lacking?.id, state: 'applied', step: 'apply', waits_for: [lacking?.waits] },
      { external_id: first?.id, number: first?.number, account: first?.account },
    ]);
    expect(data.preview?.unknown).toEqual([{ external_id: '999999999', near_misses: [] }]);
    expect(data.wrong).toEqual(XSS.split(' '));

    await world.admin.get('/requeue');
    const page = await world.admin.upload(
      '/requeue/preview',
      { target: 'rentprog/bookings', ids },
      { file: Buffer.alloc(0) },
    );
    expect(page.text).not.toContain('<img');
    const words = wordsOf(page);
    expect(words).toContain('3 records are known 1 id is unknown');
    expect(words).toContain(`client ${lacking?.waits.split('/')[1]}`);
    expect(words).toContain('Re-queue 3 records');
    expect(await auditRows()).toBe(before);
  });

  test('may hold the numbers that staff knows bookings by', async () => {
    const [booking] = known;
    const data = await preview({ ids: booking?.number });
    const misses = data.preview?.unknown[0]?.near_misses ?? [];
    expect(misses).toContainEqual({
      kind: 'booking number',
      number: booking?.number,
      external_id: booking?.id,
      account: booking?.account,
    });

    await world.admin.get('/requeue');
    const page = await world.admin.submit('/requeue/preview', {
      target: 'rentprog/bookings',
      ids: booking?.number ?? '',
    });
    const words = wordsOf(page);
    expect(words).toContain('Nothing is known by any of these ids');
    expect(words).toContain(`the number of booking ${booking?.id} (${booking?.account})`);
    const [, instead = ''] = /name="ids" value="([^"]+)"><button class="quiet">/.exec(page.text) ?? [];
    expect(instead.split(' ')).toContain(booking?.id);
  });

  test('may be a file, also one of a spreadsheet, and says which line is wrong', async () => {
    const [first, second] = known;
    await world.admin.get('/requeue');
    const upload = (text: string, encoding: 'utf8' | 'utf16le', language = 'en') =>
      world.admin.upload(
        '/requeue/preview',
        { target: 'rentprog/bookings', ids: '', account: '' },
        { file: Buffer.from(encoding === 'utf16le' ? `\ufeff${text}` : text, encoding) },
        { 'accept-language': language },
      );
    const csv = `Guest;Booking id\r\nAnna;${first?.id}\r\nBoris;${second?.id}\r\n`;
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const page = await upload(csv, encoding);
      expect(wordsOf(page), encoding).toContain('2 records are known');
    }
    const wrong = wordsOf(await upload(`id\n${first?.id}\n${XSS}\n`, 'utf8'));
    expect(wrong).toContain('The file cannot be read:');
    expect(wrong).toContain('line 3');
    const russian = wordsOf(await upload(`id\n${first?.id}\n"7`, 'utf8', 'ru'));
    expect(russian).toContain('Файл не удалось прочитать:');
    expect(russian).toContain('строка 3: кавычка открыта и не закрыта.');
    expect(wordsOf(await upload('', 'utf8'))).toContain('There are no ids: paste some, or choose a file.');
  });

  test('is of a source and account that the settings have', async () => {
    expect((await world.post('/api/requeue/preview', { target: 'nowhere/bookings', ids: '1' })).status).toBe(404);
    expect((await world.post('/api/requeue', { target: 'rentprog/nothing', ids: '1' })).status).toBe(404);
    expect(await preview({ account: 'nowhere', ids: '1' })).toMatchObject({ wrong_account: true, preview: null });
    await world.admin.get('/requeue');
    const fields = { target: 'rentprog/bookings', account: 'nowhere', ids: '1' };
    expect(wordsOf(await world.admin.submit('/requeue/preview', fields))).toContain('rentprog has no account nowhere.');
    expect((await world.post('/api/requeue', fields)).status).toBe(404);
  });

  test('is put back into the line; the receipt stays, with who and why', async () => {
    const some = known.slice(0, 4);
    await world.admin.get('/requeue');
    const fields = { source: 'rentprog', entity: 'bookings', reason: 'restored there', refetch: 'on' };
    const sent = await world.admin.submit('/requeue', {
      ...fields,
      ids: `${some.map(({ id }) => id).join(' ')} 999999999`,
    });
    expect([sent.status, sent.headers.location]).toEqual([303, expect.stringMatching(/^\/requeue\/\d+$/)]);
    const path = String(sent.headers.location);
    await waitFor(async () => (await receipt(path)).done, { describe: 'all are through' });
    const done = await receipt(path);
    expect(done).toMatchObject({ actor: 'Anna', reason: 'restored there', refetch: true, unknown_count: 1 });
    expect(done.records).toMatchObject(
      some.map(({ id }) => ({ external_id: id, step: 'refetch', source_says: 'found', ok: true })),
    );
    const page = wordsOf(await world.admin.get(path));
    expect(page).toContain('All through: 4 records are stored whole.');
    expect(page).toContain('Unknown ids 999999999');
    expect(wordsOf(await world.admin.get(`${path}?unwell=on`))).toContain('Everything is through, or still under way.');
    expect(wordsOf(await world.admin.get(path, { 'accept-language': 'ru' }))).toContain(
      'Всё прошло: полностью записано 4 записи',
    );

    const { receipts } = formSchema.strict().parse(await world.json('/api/requeue'));
    expect(receipts[0]).toMatchObject({ id: done.id, actor: 'Anna', reason: 'restored there', records: 4 });
    expect(wordsOf(await world.viewer.get('/requeue'))).toContain('restored there');
    expect((await world.viewer.get(path)).status).toBe(200);
    expect((await world.admin.get('/requeue/999999')).status).toBe(404);
  });

  test('of ids that nothing is known by leads nowhere', async () => {
    const answer = await world.post('/api/requeue', { target: 'rentprog/bookings', ids: ['999999998', '999999999'] });
    expect(doneSchema.strict().parse(JSON.parse(answer.text))).toEqual({
      id: null,
      records: 0,
      unknown: ['999999998', '999999999'],
    });
  });

  test('that is long goes through the form as well', async () => {
    const ids = Array.from({ length: 100_000 }, (_, n) => String(900_000_000_000 + n)).join(' ');
    await world.admin.get('/requeue');
    const sent = await world.admin.submit('/requeue', { target: 'rentprog/bookings', ids });
    expect([sent.status, sent.headers.location]).toEqual([303, '/requeue']);
    const more = await world.post('/api/requeue', { target: 'rentprog/bookings', ids: `${ids} 1` });
    expect([more.status, more.text]).toEqual([400, expect.stringContaining('at most 100000')]);
  });
});
