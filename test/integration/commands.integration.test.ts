import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { connect } from '../../db/connection.ts';
import { createBooking } from '../../hotel/bookings.ts';
import { showCard } from '../../hotel/card.ts';
import { createRoom } from '../../hotel/rooms.ts';
import { bookingInput, roomInput } from '../../hotel/shapes.ts';
import { type RentprogSimulator, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { type QueueBackend, queueBackends } from '../support/backends.ts';
import { createTestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { expectBalanced } from '../support/invariants.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';
import { type Run, type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

/** The commands have a Redis database of their own: their key prefix is the real one. */
const REDIS_DATABASE = '11';
const NOBODY = '999999';

const folder = mkdtempSync(join(tmpdir(), 'pmsync-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe.each(queueBackends())('the commands, with the queue in $name', (backend: QueueBackend) => {
  let simulator: RentprogSimulator;
  let system: System;
  let env: Record<string, string>;
  const pm = (...args: string[]): Promise<CliResult> => runCli(env, ...args);
  const requeueRuns = async () =>
    (await system.table('sync_log', "trigger = 'requeue'")) as (Run & { trigger: string })[];
  const redisUrl = () => {
    const url = new URL(backend.redisUrl ?? '');
    url.pathname = `/${REDIS_DATABASE}`;
    return url.href;
  };
  const loseTheQueue = async () => {
    if (!backend.redisUrl) return void (await sql`truncate bullmq.job cascade`.execute(system.db));
    const redis = new Redis(redisUrl());
    await redis.flushdb();
    await redis.quit();
  };

  beforeAll(async () => {
    simulator = await startRentprogSimulator({
      branches: ['tbilisi', 'batumi'],
      bookings: 80,
      cars: 20,
      missingClients: 6,
      goneClients: 3,
      missingCars: 1,
      limits: null,
      faults: { brokenRecords: 2 },
    });
    system = await startSystem({ backend, simulator });
    const settings = {
      sources: {
        rentprog: {
          baseUrl: simulator.url,
          limits: { read: '12000/min', search: '12000/min', auth: '12000/min' },
          accounts: Object.fromEntries(
            simulator.branches.map(({ name, timezone, currency }) => [
              name,
              { companyToken: `\${TOKEN_${name}}`, timezone, currency },
            ]),
          ),
        },
      },
    };
    env = {
      DATABASE_URL: system.databaseUrl,
      PMSYNC_CONFIG: write(`${backend.name}.yaml`, stringify(settings)),
      PMSYNC_DATA_DIR: join(folder, 'data'),
      LOG_DIR: join(folder, 'logs'),
      ...(backend.redisUrl && { REDIS_URL: redisUrl() }),
      ...Object.fromEntries(simulator.branches.map(({ name, companyToken }) => [`TOKEN_${name}`, companyToken])),
    };
    await loseTheQueue();
  });
  afterAll(async () => {
    await system.stop();
    await simulator.close();
  });

  it('status says what to do when nothing has been read', async () => {
    const { code, stdout } = await pm('status');
    expect(code).toBe(0);
    expect(stdout).toContain('./pmsync sync --wait');
  });

  it('status counts what is there, by account and entity', async () => {
    await system.sync();
    await system.stopWorkers();
    await loseTheQueue();
    const { code, data } = await pm('status', '--json');
    expect(code).toBe(0);
    const status = data();
    const sum = (entity: string, column: string) =>
      status.entities
        .filter((row: { entity: string }) => row.entity === entity)
        .reduce((n: number, row: Record<string, number>) => n + row[column]!, 0);
    expect(sum('bookings', 'rows')).toBe(78);
    expect(sum('bookings', 'quarantined')).toBe(2);
    expect(sum('bookings', 'without_parent')).toBe(3);
    expect(sum('bookings', 'open_issues')).toBe(5);
    expect(sum('clients', 'rows')).toBe((await system.table('clients')).length);
    expect(status.entities.map((row: { freshness: string }) => row.freshness)).toEqual(Array(6).fill('ok'));
    expect(status.running).toEqual([]);
    expect(status.queues.map((queue: { queue: string }) => queue.queue)).toContain('fetch.rentprog.batumi.search');
  });

  it('status speaks Russian and keeps to one account', async () => {
    const { stdout } = await pm('--lang', 'ru', 'status', '--account', 'batumi');
    expect(stdout).toContain('вовремя');
    expect(stdout).not.toContain('tbilisi  ');
  });

  it('explain tells why a record is in quarantine', async () => {
    const id = String(simulator.truth().brokenBookingIds[0]);
    const { code, stdout } = await pm('explain', 'bookings', id, '--source', 'rentprog');
    expect(code).toBe(0);
    expect(stdout).toContain('quarantined');
    expect(stdout).toMatch(/invalid_record, .* OPEN: cannot be applied/);
    expect(stdout).toContain(`./pmsync requeue bookings ${id} --source rentprog`);
  });

  it('explain shows nothing personal, in no form', async () => {
    const [client] = simulator.truth().clients;
    const texts: CliResult[] = [];
    for (const more of [[], ['--json'], ['--live']])
      texts.push(await pm('explain', 'clients', String(client?.id), ...more));
    const secrets = ['name', 'lastname', 'phone', 'email', 'passport_number', 'address', 'birthday'].map(
      (field) => client?.[field],
    );
    expect(texts.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { stdout, stderr } of texts) {
      for (const secret of secrets.filter((value) => typeof value === 'string' && value.length > 2))
        expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('explain follows a record to the parent it waits for, and back', async () => {
    const [gone] = simulator.truth().goneClientIds;
    const parent = await pm('explain', 'clients', String(gone), '--json');
    const [story] = parent.data().stories;
    expect(story.record.state).toBe('gone');
    expect(story.record.trail.map((step: { answer: string }) => step.answer)).toEqual(['absent', 'absent']);
    expect(story.waiting.count).toBe(1);
    const [waiter] = story.waiting.first;
    const child = await pm('explain', waiter.entity, waiter.external_id);
    expect(child.stdout).toContain(`clients/${gone}: gone; `);
    expect(child.stdout).toContain('missing_parent');
  });

  it('explain finds what an unknown id may have meant', async () => {
    const [booking] = simulator.truth().bookings;
    const byNumber = await pm('explain', 'bookings', String(booking?.number));
    expect(byNumber.code).toBe(1);
    expect(byNumber.stdout).toContain(`is the number of booking ${booking?.id}`);
    const [client] = (await system.table('clients', 'external_id not in (select external_id from bookings)')).slice(-1);
    const byEntity = await pm('explain', 'bookings', client.external_id, '--json');
    expect(byEntity.code).toBe(1);
    expect(byEntity.data().near_misses).toContainEqual(
      expect.objectContaining({ kind: 'other entity', entity: 'clients' }),
    );
  });

  it('explain --live compares the landed record with what the source says now', async () => {
    const booking = simulator.truth().bookings.find(({ id }) => !simulator.truth().brokenBookingIds.includes(id))!;
    const same = await pm('explain', 'bookings', String(booking.id), '--live', '--json');
    expect(same.data().live.at(-1)).toMatchObject({ answer: 'found', different: [] });
    simulator.mutate.updateBooking(booking.id, { total: 12_345 });
    const changed = await pm('explain', 'bookings', String(booking.id), '--live');
    expect(changed.stdout).toContain('DIFFERENT from what is landed in: total');
    expect((await pm('explain', 'bookings', NOBODY, '--live', '--json')).data().live).toMatchObject([
      { answer: 'absent' },
      { answer: 'absent' },
    ]);
  });

  it('pause stops an account, sync and status say so, and resume lets it go on', async () => {
    const paused = await pm('pause', '--account', 'batumi', '--reason', 'the branch moves');
    expect(paused).toMatchObject({ code: 0, stdout: expect.stringContaining('rentprog batumi: paused.') });
    const refused = await pm('sync', '--account', 'batumi');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('./pmsync resume --source rentprog --account batumi');
    const partly = await pm('--lang', 'ru', 'sync', '--entity', 'cars', '--json');
    expect(partly.code).toBe(0);
    expect(partly.stderr).toContain('rentprog batumi на паузе');
    expect(partly.data()).toMatchObject({
      requested: [{ account: 'tbilisi' }],
      refused: [{ paused: { account: 'batumi' } }],
    });
    const { stdout } = await pm('status');
    expect(stdout).toMatch(/batumi +cars +paused/);
    expect(stdout).toContain('(the branch moves)');
    const resumed = await pm('resume', '--account', 'batumi', '--json');
    expect(resumed.data()).toMatchObject([{ account: 'batumi', entity: null, changed: true, paused: [] }]);
    expect((await pm('resume', '--account', 'batumi')).stdout).toContain('was not paused');
    expect((await pm('pause', '--account', 'batum')).code).toBe(2);
    expect((await pm('pause', '--account', 'batumi', '--entity', 'carz')).code).toBe(2);
    await loseTheQueue();
  });

  it('requeue --dry-run changes nothing', async () => {
    const { code, stdout } = await pm('requeue', '--failed', '--dry-run');
    expect(code).toBe(0);
    expect(stdout.match(/→ enqueued/g)).toHaveLength(5);
    expect(await requeueRuns()).toEqual([]);
    expect(await system.table('audit_log', "action = 'requeue'")).toEqual([]);
  });

  it('requeue gives a receipt for each id, and works where no worker runs', async () => {
    const [broken] = simulator.truth().brokenBookingIds;
    const fine = (await system.table('bookings'))[0].external_id;
    const { code, stdout } = await pm('requeue', 'bookings', `${fine},${broken}`, NOBODY);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`${fine}  bookings  \\w+ +found  applied → applied`));
    expect(stdout).toMatch(new RegExp(`${broken}  bookings  \\w+ +found  quarantined → quarantined: `));
    expect(stdout).toContain(`${NOBODY}  unknown: no bookings record with this id at rentprog`);
    const runs = await requeueRuns();
    expect(runs.map((run) => run.status).sort()).toContain('partial');
    expect(runs.reduce((sum, run) => sum + run.fetched, 0)).toBe(2);
    expectBalanced(await system.runs());
    expect(await system.table('audit_log', "action = 'requeue'")).toMatchObject([
      { action: 'requeue', target: 'rentprog/bookings', details: { asked: 'ids', ids: 3, records: 2 } },
    ]);
  });

  it('requeue --refetch takes what the source says now', async () => {
    const booking = simulator.truth().bookings.find((one) => one.total === 12_345)!;
    const { code, data } = await pm('requeue', 'bookings', String(booking.id), '--refetch', '--json');
    expect(data().records).toMatchObject([
      { before: 'applied', step: 'refetch', after: 'applied', source_says: 'found', ok: true },
    ]);
    expect(code).toBe(0);
    expect((await system.table('bookings', `external_id = '${booking.id}'`))[0].price).toBe('12345.00');
    expectBalanced(await system.runs());
  });

  it('requeue --refetch leaves a record that the source does not have as it is', async () => {
    const booking = simulator.mutate.createBooking('batumi');
    await sql`insert into source_records (source, scope, entity, external_id, account, payload, payload_hash, state)
      values ('rentprog', '*', 'bookings', '900999', 'batumi', ${JSON.stringify({ ...booking, id: 900999 })}::jsonb, 'x', 'pending')`.execute(
      system.db,
    );
    const applied = await pm('requeue', 'bookings', '900999');
    expect(applied.code).toBe(0);
    const { code, stdout } = await pm('requeue', 'bookings', '900999', '--refetch');
    expect(code).toBe(1);
    expect(stdout).toContain('applied → applied: the source does not have it; left as it was');
    expectBalanced(await system.runs());
  });

  it('requeue --failed heals what can be healed', async () => {
    simulator.repairBrokenRecords();
    const { goneClientIds } = simulator.truth();
    for (const id of goneClientIds.slice(1)) simulator.mutate.revealClient(id, 'batumi');
    const { code, data } = await pm('requeue', '--failed', '--json');
    const { records, finished } = data();
    expect(finished).toBe(true);
    // The landed payloads of the two are broken still.
    expect(code).toBe(1);
    expect(records.filter((one: { before: string }) => one.before === 'applied')).toHaveLength(3);
    expect(await system.table('bookings', 'client_external_id is not null and client_id is null')).toHaveLength(1);
    const again = await pm('requeue', '--failed', '--refetch');
    expect(again.code).toBe(0);
    expect(await system.table('source_records', "state = 'quarantined'")).toEqual([]);
    expect(await system.table('sync_issues', 'resolved_at is null')).toMatchObject([{ kind: 'missing_parent' }]);
    expectBalanced(await system.runs());
  });

  it('requeue looks again for a parent whose look-up failed, and for one asked for by id', async () => {
    const [gone] = await system.table('source_records', "state = 'gone'");
    const one = await pm('requeue', 'clients', gone.external_id);
    expect(one.code).toBe(1);
    expect(one.stdout).toContain('gone → gone');
    const trail = JSON.stringify([
      { account: 'batumi', at: new Date().toISOString(), answer: 'unavailable', note: 'away' },
    ]);
    await sql`update source_records set state = 'listed', last_error = 'away', trail = ${trail}::jsonb,
      due_at = now() + interval '1 hour' where entity = 'clients' and external_id = ${gone.external_id}`.execute(
      system.db,
    );
    await sql`update source_records set state = 'parked' where entity = 'bookings' and waits_for is not null`.execute(
      system.db,
    );
    const two = await pm('requeue', '--failed');
    expect(two.stdout).toMatch(/parked → applied: without clients/);
    expect(two.code).toBe(0);
    expectBalanced(await requeueRuns());
  });

  it('requeue reads ids from a file, and names the line that holds none', async () => {
    const ids = (await system.table('bookings')).slice(0, 2).map((row) => row.external_id);
    const path = write('ids.csv', `\ufeffНомер;booking_id\r\n1;"${ids[0]}"\r\n\r\n2;${ids[1]}\r\n`);
    const { code, data } = await pm('requeue', 'bookings', '--file', path, '--json');
    expect(code).toBe(0);
    expect(data().records.map((one: { external_id: string }) => one.external_id)).toEqual(ids);
    const bad = await pm('requeue', 'bookings', '--file', write('bad.csv', 'id\n1\nодин два\n'));
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('bad.csv: line 3: "один два" is not an external id.');
  });

  it('requeue --no-wait leaves the work to the workers, and the sweep finds what the queue lost', async () => {
    const [first] = (await system.table('bookings')).map((row) => row.external_id);
    const { code, stdout } = await pm('requeue', 'bookings', first, '--no-wait', '--refetch');
    expect(code).toBe(0);
    expect(stdout).toContain('applied → to be read again');
    await loseTheQueue();
    const [open] = await system.table('sync_log', "status = 'running'");
    await sql`update sync_pages set changed_at = now() - interval '1 minute' where run_id = ${open.id}`.execute(
      system.db,
    );
    await sql`update sync_log set heartbeat_at = now() - interval '1 minute' where id = ${open.id}`.execute(system.db);
    const workers = await startSystem({ backend, simulator, beside: system });
    try {
      await waitFor(async () => (await system.table('sync_log', "status = 'running'")).length === 0, {
        describe: 'the run is closed',
        timeoutMs: 40_000,
      });
    } finally {
      await workers.stop();
    }
    expect(await system.table('sync_pages', `run_id = '${open.id}'`)).toMatchObject([{ state: 'done', attempt: 2 }]);
    expectBalanced(await requeueRuns());
  });

  it.each([
    [['requeue', 'bookings'], /Say which records/],
    [['requeue', 'bookings', '1', '--failed'], /one of them/],
    [['requeue', 'bokings', '1'], /Did you mean bookings\?/],
    [['requeue', 'bookings', '1', '--account', 'batumy'], /Did you mean batumi\?/],
    [['requeue', 'bookings', '--file', '/nowhere.csv'], /cannot be read \(ENOENT\)/],
    [['requeue', 'bookings', '1', '--timeout', 'soon'], /--timeout soon/],
    [['explain', 'bookings', '1', '--source', 'rentprok'], /Did you mean rentprog\?/],
    [['status', '--entity', 'x'], /no entity "x"/],
    [['--lang', 'de', 'status'], /--lang de/],
  ])('bad use exits with 2 and a hint: %j', async (args, hint) => {
    const { code, stderr } = await pm(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(hint);
  });

  it('check reads one page of each account and stores nothing', async () => {
    simulator.resetRequests();
    const before = await system.table('source_records');
    const { code, data } = await pm('check', '--json');
    expect(code).toBe(0);
    expect(data().accounts).toMatchObject([
      { account: 'tbilisi', ok: true },
      { account: 'batumi', ok: true },
    ]);
    expect(simulator.requests.byPath['/all_clients']).toBe(2);
    expect(await system.table('source_records')).toEqual(before);
  });

  it('check names the variable of refused credentials, not its value', async () => {
    const { code, stdout } = await runCli({ ...env, TOKEN_batumi: 'not-the-token' }, 'check');
    expect(code).toBe(1);
    expect(stdout).toMatch(/tbilisi +ok/);
    expect(stdout).toContain('sources.rentprog.accounts.batumi.companyToken (TOKEN_batumi)');
    expect(stdout).not.toContain('not-the-token');
  });

  it('migrate and db url need no settings; --check tells what is to be applied', async () => {
    const { PMSYNC_CONFIG: _, ...bare } = env;
    expect((await runCli(bare, 'migrate', '--check')).code).toBe(0);
    expect((await runCli(bare, 'db', 'url')).stdout).toBe(`${system.databaseUrl}\n`);
    const old = await createTestDatabase();
    try {
      const url = { ...bare, DATABASE_URL: old.url };
      expect((await runCli(url, 'health')).code).toBe(0);
      // A process that is at work while the next version's migration has been applied is not unwell.
      await addMigration(old.url, '9999-of-the-next-version');
      expect((await runCli(url, 'health')).code).toBe(0);
      expect((await runCli({ ...env, DATABASE_URL: old.url }, 'status')).stderr).toContain('newer than this pmsync');
      await forgetMigrations(old.url);
      const check = await runCli(url, 'migrate', '--check', '--json');
      expect(check.code).toBe(1);
      expect(check.data().pending).toContain('0001-foundation');
      const health = await runCli(url, 'health');
      expect(health).toMatchObject({ code: 1 });
      expect(health.stderr).toContain('./pmsync migrate');
    } finally {
      await old.drop();
    }
  });

  it('change-card-key encrypts the numbers of other keys with the first one, and names what it cannot read', async () => {
    const { PMSYNC_CONFIG: _, ...bare } = env;
    const [older, newer] = [randomBytes(32), randomBytes(32)];
    const own = await createTestDatabase();
    const { db, close } = connect({ url: own.url, onError: () => {} });
    try {
      await createRoom(db, roomInput.parse({ id: 1, area: 20, price_per_night: '100.00' }));
      const stay = { check_in: '2030-05-01', check_out: '2030-05-02', room_id: 1 };
      const booking = bookingInput.parse({ ...stay, card_number: '4000001234567899' });
      const { id } = await createBooking(db, booking, { cardKey: older });
      const url = { ...bare, DATABASE_URL: own.url };
      const keys = (...all: Buffer[]) => ({
        ...url,
        PMSYNC_ENCRYPTION_KEY: all.map((key) => key.toString('base64')).join(','),
      });
      expect(await runCli(url, 'change-card-key')).toMatchObject({ code: 2 });
      const lost = await runCli(keys(newer), 'change-card-key', '--json');
      expect([lost.code, lost.data()]).toEqual([1, { changed: 0, unknown: [id] }]);
      const toDo = await runCli(keys(newer, older), 'change-card-key', '--check');
      expect([toDo.code, toDo.stdout]).toEqual([1, expect.stringContaining(`Bookings: ${id}\n`)]);
      const done = await runCli(keys(newer, older), 'change-card-key');
      expect([done.code, done.stdout]).toEqual([
        0,
        expect.stringContaining('1 card number is encrypted with the first'),
      ]);
      expect((await runCli(keys(newer), 'change-card-key', '--check')).code).toBe(0);
      expect(await showCard(db, id, { cardKeys: [newer], actor: 'test' })).toBe('4000001234567899');
    } finally {
      await close();
      await own.drop();
    }
  });

  it('says in one line what does not answer, without a stack', async () => {
    const away = `127.0.0.1:${await freePort()}`;
    const noDatabase = await runCli({ ...env, DATABASE_URL: `postgres://x:y@${away}/z` }, 'status');
    expect(noDatabase).toMatchObject({ code: 1, stdout: '' });
    expect(noDatabase.stderr).toBe(
      'The database does not answer (ECONNREFUSED). Start PostgreSQL, or correct DATABASE_URL.\n',
    );
    const noSettings = await runCli({ ...env, PMSYNC_CONFIG: join(folder, 'none.yaml') }, 'status', '--json');
    expect(noSettings.code).toBe(2);
    expect(noSettings.data().error.message).toContain('none.yaml');
    if (!backend.redisUrl) return;
    const noQueue = await runCli({ ...env, REDIS_URL: `redis://${away}` }, 'health');
    expect(noQueue).toMatchObject({ code: 1 });
    expect(noQueue.stderr).toMatch(/^The queue does not answer\..*REDIS_URL.*\n$/);
  });
});

async function forgetMigrations(url: string): Promise<void> {
  const { db, close } = connect({ url, onError: () => {} });
  await sql`delete from kysely_migration`.execute(db);
  await close();
}

async function addMigration(url: string, name: string): Promise<void> {
  const { db, close } = connect({ url, onError: () => {} });
  await sql`insert into kysely_migration (name, timestamp) values (${name}, now()::text)`.execute(db);
  await close();
}
