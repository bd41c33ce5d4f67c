import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causeSchema, issuesSchema } from '../../console/pages/issues/schemas.ts';
import { receiptSchema } from '../../console/pages/requeue/schemas.ts';
import { queueBackends } from '../support/backends.ts';
import { type ConsoleWorld, openConsoleWorld, wordsOf, XSS } from '../support/console-world.ts';
import { waitFor } from '../support/wait-for.ts';

describe.each(queueBackends())('the issues in the console with $name', (backend) => {
  let world: ConsoleWorld;
  let gone: number[];
  beforeAll(async () => {
    world = await openConsoleWorld(backend, { bookings: 40, missingClients: 0, goneClients: 2, missingCars: 0 });
    gone = world.simulator.truth().goneClientIds;
  });
  afterAll(() => world?.stop());

  const read = async (query = '') => issuesSchema.strict().parse(await world.json(`/api/issues${query}`));
  const causeOf = async (query = '') => (await read(query)).rows[0]?.cause ?? '';
  const audit = async (action: string) =>
    (
      await sql<{ actor: string; details: Record<string, unknown> }>`
      select actor, details from audit_log where action = ${action} order by id`.execute(world.system.db)
    ).rows;

  async function addIssues(...ids: { id: string | null; kind: string; message: string; details?: object }[]) {
    for (const { id, kind, message, details = {} } of ids)
      await sql`insert into sync_issues (source, account, entity, external_id, kind, message, details)
        values ('rentprog', 'batumi', 'bookings', ${id}, ${kind}, ${message}, ${JSON.stringify(details)}::jsonb)`.execute(
        world.system.db,
      );
  }
  const forget = () =>
    sql`delete from sync_issues where account = 'batumi' and run_id is null`.execute(world.system.db);

  /** The last one lacks its client, which nobody has. */
  async function bookings(count: number): Promise<{ id: string; number: string }[]> {
    const { rows } = await sql<{ id: string; number: string }>`
      select external_id as id, number from (select *, row_number() over (partition by client_id is null order by external_id)
        as place from bookings where account = 'batumi' and client_external_id is not null) b
      where place <= case when client_id is null then 1 else ${count - 1} end order by client_id is null, external_id`.execute(
      world.system.db,
    );
    return rows;
  }

  test('stand by their causes, with what each means and what can be done', async () => {
    const { rows } = await read();
    expect(rows.map(({ parent }) => parent?.external_id).toSorted()).toEqual(gone.map(String).toSorted());
    const english = wordsOf(await world.admin.get('/issues'));
    expect(english).toContain(`Client ${gone[0]} is gone at RentProg: blocks 1 booking`);
    expect(english).toContain('with this link left empty');
    expect(english).toContain('put the records back into the line');
    const russian = wordsOf(await world.admin.get('/issues', { 'accept-language': 'ru' }));
    expect(russian).toContain(`Клиент ${gone[0]}: нет в RentProg`);
    expect(russian).toContain('верните записи в очередь');
  });

  test('are narrowed by account, entity, kind, state, and found by an id or a number', async () => {
    const [first] = (await read()).rows;
    const [account = ''] = first?.accounts ?? [];
    const id = first?.external_ids[0] ?? '';
    const [{ number } = { number: '' }] = (
      await sql<{ number: string }>`select number from bookings where external_id = ${id}`.execute(world.system.db)
    ).rows;
    const causes = async (query: string) => (await read(`?${query}`)).rows.map(({ cause }) => cause);
    expect(await causes(`of=rentprog/${account}`)).toContain(first?.cause);
    expect(await causes(`source=rentprog&account=${account}&entity=bookings&kind=missing_parent`)).toContain(
      first?.cause,
    );
    expect(await causes(`q=${id}`)).toEqual([first?.cause]);
    expect(await causes(`q=${number}`)).toContain(first?.cause);
    expect(await causes(`q=${first?.parent?.external_id}`)).toEqual([first?.cause]);
    expect(await causes('state=resolved')).toEqual([]);
    expect(await causes('entity=cars')).toEqual([]);
    expect(await causes('kind=')).toHaveLength(2);
    const empty = wordsOf(await world.admin.get('/issues?entity=cars'));
    expect(empty).toContain('No issues like this. Choose other filters');
    expect((await world.admin.get('/issues?kind=nonsense')).status).toBe(400);
    expect((await world.admin.get(`/issues/${'0'.repeat(32)}`)).status).toBe(404);
    expect((await world.admin.get('/issues/nonsense')).status).toBe(400);
  });

  test('of one cause are a part of a page each, and the further ones follow', async () => {
    const details = { parents: [{ scope: '*', entity: 'clients', external_id: '12345', trail: [] }] };
    const many = Array.from({ length: 53 }, (_, n) => ({
      id: String(7_000_000 + n),
      kind: 'missing_parent',
      message: 'stored without clients/12345: not found at rentprog',
      details,
    }));
    await addIssues(...many);
    const [first] = (await read()).rows;
    expect(first).toMatchObject({ count: 53, parent: { external_id: '12345' } });
    const page = await world.admin.get(`/issues/${first?.cause}`);
    expect(page.text.match(/name="issues"/g)).toHaveLength(50);
    expect(wordsOf(page)).toContain('All 53 of this cause, on other pages too');
    const next = /href="([^"]+cursor=[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await world.admin.get(next)).text.match(/name="issues"/g)).toHaveLength(3);
    await forget();
  });

  test('are re-queued by choice, and the receipt tells when the records are through', async () => {
    const chosen = await bookings(3);
    const details = { problems: [{ field: 'start_date', rule: 'not a date', found: 'text' }] };
    await addIssues(...chosen.map(({ id }) => ({ id, kind: 'invalid_record', message: 'cannot be applied', details })));
    const cause = await causeOf('?kind=invalid_record');
    const page = await world.admin.get(`/issues/${cause}`);
    const ids = [...page.text.matchAll(/name="issues" value="(\d+)"/g)].map(([, id = '']) => id);
    expect(ids).toHaveLength(3);

    const none = await world.admin.submit(`/issues/${cause}/requeue`);
    expect(none.headers.location).toBe(`/issues/${cause}?said=nothing-chosen`);
    expect(wordsOf(await world.admin.get(String(none.headers.location)))).toContain('No record was chosen');

    const sent = await world.admin.submit(`/issues/${cause}/requeue`, { issues: ids.slice(0, 2), reason: 'corrected' });
    expect([sent.status, sent.headers.location]).toEqual([303, expect.stringMatching(/^\/requeue\/\d+$/)]);
    const path = String(sent.headers.location);
    const receipt = async () => receiptSchema.strict().parse(await world.json(`/api${path}`));
    await waitFor(async () => (await receipt()).done, { describe: 'the records are through' });
    expect(await receipt()).toMatchObject({
      actor: 'Anna',
      reason: 'corrected',
      counts: { records: 2, applied: 2 },
      records: chosen.slice(0, 2).map(({ id, number }) => ({ external_id: id, number, after: 'applied', ok: true })),
    });
    const shown = await world.admin.get(path);
    expect(wordsOf(shown)).toContain('All through: 2 records are stored whole.');
    expect(shown.text).toContain('id="receipt" data-live');
    expect((await audit('requeue')).at(-1)).toMatchObject({
      actor: 'Anna',
      details: { reason: 'corrected', records: 2 },
    });
    expect((await read('?kind=invalid_record')).rows[0]?.count).toBe(1);

    // It is stored without its client: another issue, which stays open.
    const rest = await world.post(`/api/issues/${cause}/requeue`, { all: true });
    expect(JSON.parse(rest.text)).toMatchObject({ records: 1, id: expect.stringMatching(/^\d+$/) });
    await waitFor(async () => (await read('?kind=invalid_record')).rows.length === 0, { describe: 'none is open' });
    expect(wordsOf(await world.admin.get(`/issues/${cause}`))).toContain('None of this cause is open any more.');
    expect((await world.admin.get(`/issues/${cause}?state=resolved`)).text.match(/<th scope="row">/g)).toHaveLength(3);
  });

  test('are dismissed with a reason only, which stays with them and in the audit log', async () => {
    const cause = await causeOf('?kind=missing_parent');
    await world.admin.get(`/issues/${cause}`);
    const refused = await world.admin.submit(`/issues/${cause}/dismiss`, { all: 'on', dismiss_reason: ' ' });
    expect(refused.headers.location).toContain('said=needs-reason');
    expect((await read('?state=resolved&kind=missing_parent')).rows).toEqual([]);
    const done = await world.admin.submit(`/issues/${cause}/dismiss`, { all: 'on', dismiss_reason: 'left for good' });
    expect(wordsOf(await world.admin.get(String(done.headers.location)))).toContain('1 issue is closed.');
    const page = causeSchema.strict().parse(await world.json(`/api/issues/${cause}?state=resolved`));
    expect(page).toMatchObject({
      open: 0,
      issues: { rows: [{ resolution: expect.stringContaining('left for good') }] },
    });
    expect(await audit('dismiss')).toMatchObject([{ actor: 'Anna', details: { reason: 'left for good' } }]);
  });

  test('of a whole list are not re-queued; a run answers them', async () => {
    await addIssues({ id: null, kind: 'unavailable', message: 'page 3: answered 502' });
    const cause = await causeOf('?kind=unavailable');
    const page = await world.admin.get(`/issues/${cause}`);
    expect(page.text).not.toContain(`/issues/${cause}/requeue`);
    expect(wordsOf(page)).toContain('Run bookings of batumi now');
    expect(page.text).toContain('action="/run"');
    expect((await world.post(`/api/issues/${cause}/requeue`, { all: true })).status).toBe(400);
    await forget();
  });

  test('are for viewers to look at, not to change', async () => {
    const cause = await causeOf();
    for (const path of ['/issues', `/issues/${cause}`, '/requeue']) {
      const page = await world.viewer.get(path);
      expect([path, page.status]).toEqual([path, 200]);
      const main = page.text.slice(page.text.indexOf('<main'));
      expect(main, path).not.toMatch(/method="post"|type="checkbox"/);
    }
    const before = await audit('dismiss');
    for (const path of ['requeue', 'dismiss'])
      expect((await world.viewer.submit(`/issues/${cause}/${path}`, { all: 'on', dismiss_reason: 'x' })).status).toBe(
        403,
      );
    expect((await world.viewer.submit('/requeue', { target: 'rentprog/bookings', ids: '1' })).status).toBe(403);
    expect(await audit('dismiss')).toEqual(before);
  });

  test('show whatever a vendor has called things as text', async () => {
    const parents = [{ scope: '*', entity: XSS, external_id: XSS, trail: [] }];
    const problems = [{ field: XSS, rule: XSS, found: XSS }];
    await addIssues(
      { id: XSS, kind: 'missing_parent', message: XSS, details: { parents } },
      { id: `${XSS}/..?#`, kind: 'invalid_record', message: XSS, details: { problems } },
      { id: XSS, kind: 'delete_brake', message: XSS },
      { id: XSS, kind: 'unavailable', message: XSS },
    );
    const { rows } = await read('?account=batumi');
    const paths = ['/issues?account=batumi', `/issues?q=${encodeURIComponent(XSS)}`];
    for (const path of [...paths, ...rows.map(({ cause }) => `/issues/${cause}`)]) {
      const page = await world.admin.get(path);
      expect(page.status, path).toBe(200);
      expect(page.text, path).not.toContain('<img');
    }
    expect(wordsOf(await world.admin.get('/issues?account=batumi'))).toContain(XSS);
    await forget();
  });
});
