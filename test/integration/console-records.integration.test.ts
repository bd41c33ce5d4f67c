import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foundSchema, recordSchema } from '../../console/pages/records/schemas.ts';
import { receiptSchema } from '../../console/pages/requeue/schemas.ts';
import { type ConsoleWorld, openConsoleWorld, wordsOf, XSS } from '../support/console-world.ts';
import { waitFor } from '../support/wait-for.ts';

describe('records in the console', () => {
  let world: ConsoleWorld;
  let booking: { id: string; number: string; account: string };
  let lacking: { id: string; client: string };
  const secrets = { first_name: `Zarina${XSS}`, phone: '+995 599 111 222' };

  beforeAll(async () => {
    world = await openConsoleWorld({ name: 'postgres' }, { bookings: 20, missingClients: 0, goneClients: 1 });
    const { db } = world.system;
    const [whole] = (
      await sql<typeof booking>`select external_id as id, number, account from bookings where client_id is not null
        order by external_id limit 1`.execute(db)
    ).rows;
    const [part] = (
      await sql<typeof lacking>`select external_id as id, client_external_id as client from bookings
        where client_id is null and client_external_id is not null limit 1`.execute(db)
    ).rows;
    if (!whole || !part) throw new Error('the simulated world has no such bookings');
    booking = whole;
    lacking = part;
    world.simulator.mutate.updateBooking(Number(booking.id), { ...secrets, state: XSS, [XSS]: 5 });
    await world.system.sync(['bookings']);
  });
  afterAll(() => world?.stop());

  const pathOf = (id: string) => `/records/rentprog/bookings/${encodeURIComponent(id)}`;
  const read = async (id: string) => recordSchema.strict().parse(await world.json(`/api${pathOf(id)}`));
  const audit = async (action: string) =>
    (
      await sql<{ actor: string; target: string; details: Record<string, unknown> }>`
      select actor, target, details from audit_log where action = ${action} order by id`.execute(world.system.db)
    ).rows;

  test('are found by id and by the number that staff uses', async () => {
    const find = async (q: string) => foundSchema.strict().parse(await world.json(`/api/records?q=${q}`)).records;
    expect(await find(booking.id)).toContainEqual({
      source: 'rentprog',
      entity: 'bookings',
      external_id: booking.id,
      account: booking.account,
      state: 'applied',
      number: booking.number,
      by: 'id',
    });
    expect(
      (await find(booking.number)).filter(({ by }) => by === 'number').map((found) => found.external_id),
    ).toContain(booking.id);
    expect((await world.admin.get(`/records?q=${booking.number}`)).text).toContain(`href="${pathOf(booking.id)}"`);
    expect(wordsOf(await world.admin.get('/records?q=none-such'))).toContain('Nothing is known by “none-such”.');
    expect((await world.admin.get('/records')).status).toBe(200);
  });

  test('tell where they stand, and why', async () => {
    const { stories } = await read(lacking.id);
    expect(stories).toMatchObject([
      { record: { state: 'applied' }, parents: [{ external_id: lacking.client, state: 'gone' }] },
    ]);
    const page = wordsOf(await world.admin.get(pathOf(lacking.id)));
    expect(page).toContain(`It is stored without client ${lacking.client}, which the source does not have.`);
    expect(page).toContain('tbilisi does not have it');
    expect(page).toContain('parent missing');
    const russian = wordsOf(await world.admin.get(pathOf(lacking.id), { 'accept-language': 'ru' }));
    expect(russian).toContain(`Записана без связи: клиент ${lacking.client}`);
    const parent = wordsOf(await world.admin.get(`/records/rentprog/clients/${lacking.client}`));
    expect(parent).toContain('It was looked for in every account, and nobody has it.');
    expect(parent).toContain('What waits for it: 1 booking');
  });

  test('show nothing that may be personal, and whatever a vendor sends as text', async () => {
    const page = await world.admin.get(pathOf(booking.id));
    expect(page.text).not.toContain('<img');
    const words = wordsOf(page);
    expect(words).toContain(`${XSS} number 5`);
    expect(words).toContain('first_name text, 33 characters hidden');
    for (const text of [words, JSON.stringify(await read(booking.id))]) {
      expect(text).not.toContain('Zarina');
      expect(text).not.toContain(secrets.phone);
    }
  });

  test('are revealed for a reason only, once, and it is written down who looked', async () => {
    const path = `${pathOf(booking.id)}/reveal`;
    await world.admin.get(pathOf(booking.id));
    const refused = await world.admin.submit(path, { reason: ' ' });
    expect(wordsOf(refused)).toContain('without a reason nothing is shown');
    expect(refused.text).not.toContain('Zarina');
    expect(await audit('reveal')).toEqual([]);

    const shown = await world.admin.submit(path, { reason: 'the guest has called' });
    expect(wordsOf(shown)).toContain(secrets.first_name);
    expect(shown.text).not.toContain('<img');
    expect(shown.headers['cache-control']).toBe('no-store');
    const target = `rentprog/bookings/${booking.id}`;
    expect(await audit('reveal')).toEqual([{ actor: 'Anna', target, details: { reason: 'the guest has called' } }]);
    expect((await world.admin.get(path)).headers.location).toBe(pathOf(booking.id));
    expect(JSON.parse((await world.post(`/api${path}`, { reason: 'a check' })).text)).toMatchObject({
      records: [{ account: booking.account, payload: { phone: secrets.phone } }],
    });
  });

  test('are asked for at the source, which stores nothing', async () => {
    const before = await read(booking.id);
    world.simulator.mutate.updateBooking(Number(booking.id), { total: 4711 });
    await world.admin.get(pathOf(booking.id));
    const page = wordsOf(await world.admin.submit(`${pathOf(booking.id)}/ask`));
    expect(page).toMatch(new RegExp(`${booking.account} has it different in: .*total`));
    expect((await read(booking.id)).stories[0]?.record).toEqual(before.stories[0]?.record);
    expect((await audit('ask source')).at(-1)).toMatchObject({
      actor: 'Anna',
      target: `rentprog/bookings/${booking.id}`,
    });
    const absent = await world.post(`/api/records/rentprog/clients/${lacking.client}/ask`, {});
    const { answers } = JSON.parse(absent.text) as { answers: { answer: string }[] };
    expect(answers.map(({ answer }) => answer)).toEqual(['absent', 'absent']);
  });

  test('are re-queued, read again when asked for', async () => {
    await world.admin.get(pathOf(booking.id));
    const sent = await world.admin.submit(`${pathOf(booking.id)}/requeue`, { refetch: 'on', reason: 'changed there' });
    const path = String(sent.headers.location);
    await waitFor(async () => receiptSchema.parse(await world.json(`/api${path}`)).done, { describe: 'it is through' });
    const { rows } = await sql<{ price: string }>`select price from bookings where external_id = ${booking.id}`.execute(
      world.system.db,
    );
    expect(rows).toEqual([{ price: '4711.00' }]);
    expect((await audit('requeue')).at(-1)).toMatchObject({ actor: 'Anna', details: { reason: 'changed there' } });
  });

  test('that nobody knows are told apart from those that cannot be', async () => {
    const unknown = wordsOf(await world.admin.get(pathOf(XSS)));
    expect(unknown).toContain(`Nothing is known of booking ${XSS} at RentProg.`);
    expect((await world.admin.get(pathOf(XSS))).text).not.toContain('<img');
    const near = wordsOf(await world.admin.get(pathOf(lacking.client)));
    expect(near).toContain(`client ${lacking.client} : the same id among clients`);
    for (const path of ['/records/nowhere/bookings/1', '/records/rentprog/boats/1', '/records/litepms/bookings/1'])
      expect((await world.admin.get(path)).status, path).toBe(404);
    expect((await world.post('/api/records/rentprog/boats/1/requeue', {})).status).toBe(404);
    expect((await world.post('/api/records/rentprog/boats/1/reveal', { reason: 'x' })).status).toBe(404);
    expect((await world.post('/api/records/rentprog/boats/1/ask', {})).status).toBe(404);
  });

  test('that are kept out say who did it and what lets them in', async () => {
    await sql`insert into kept_out (source, scope, entity, external_id, actor)
      values ('rentprog', '*', 'bookings', '123', ${XSS})`.execute(world.system.db);
    const page = await world.admin.get(pathOf('123'));
    expect(page.text).not.toContain('<img');
    expect(wordsOf(page)).toContain('./pmsync delete bookings 123 --source rentprog --let-in');
  });

  test('are for viewers to look at, not to reveal, to ask for or to re-queue', async () => {
    const page = await world.viewer.get(pathOf(booking.id));
    expect(page.status).toBe(200);
    expect(page.text.slice(page.text.indexOf('<main'))).not.toContain('method="post"');
    const before = await audit('reveal');
    for (const action of ['reveal', 'ask', 'requeue']) {
      const answer = await world.viewer.submit(`${pathOf(booking.id)}/${action}`, { reason: 'x' });
      expect([action, answer.status, answer.text.includes('Zarina')]).toEqual([action, 403, false]);
    }
    expect(await audit('reveal')).toEqual(before);
  });
});
