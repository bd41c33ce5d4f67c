import { hash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { askDatabase } from '../../db/ask-database.ts';
import type { Account, Simulation, SourceDefinition } from '../../sources/define-source.ts';
import { startIikoSimulator } from '../../sources/iiko/simulator.ts';
import { startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { type QueueBackend, queueBackends } from '../support/backends.ts';
import { found, peopleIn, wordsInPostgresQueue, wordsInRedis } from '../support/canaries.ts';
import { inHouseAccounts, simulatedAccounts } from '../support/simulated-accounts.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

/** Payloads are personal data and live in the tables alone; credentials live in the settings alone. */
const SEED = 12;
const RECORDS = 120;

/** Worlds in which things go wrong, because errors are what leaks; a source without one here shows its plain simulator. */
const troubled: Record<string, () => Promise<Pick<Simulation, 'baseUrl' | 'accounts'> & Pick<Simulation, 'close'>>> = {
  async rentprog() {
    const faults = { brokenRecords: 8, reset: 0.05, serverErrorHtml: 0.05, truncatedJson: 0.05, expiredToken: 0.05 };
    const simulator = await startRentprogSimulator({
      seed: SEED,
      bookings: RECORDS,
      nestedClients: 'all',
      limits: null,
      faults: { ...faults, failPage: { branch: 'batumi', path: '/all_clients', page: 1 } },
    });
    const accounts = simulator.branches.map(({ name, companyToken, ...rest }) => {
      // One branch's credentials are refused: its token is in every address that fails.
      const token = name === 'rustavi' ? 'a-token-that-was-revoked' : companyToken;
      return [name, { companyToken: token, timezone: rest.timezone, currency: rest.currency }] as const;
    });
    return { baseUrl: simulator.url, accounts: Object.fromEntries(accounts), close: () => simulator.close() };
  },
  async litepms() {
    const faults = { brokenRecords: 8, reset: 0.05, serverErrorHtml: 0.05, truncatedJson: 0.05, wrongTypes: 0.2 };
    const simulator = await startLitepmsSimulator({ seed: SEED, bookings: RECORDS, limits: null, faults });
    // The vendor repeats the whole request in its refusal, and one hotel's key is refused.
    const { login, apiKey } = simulator.hotels[0]!;
    const address = `getRooms?${new URLSearchParams({ login, hash: apiKey })}`;
    simulator.faults.refusing = [{ method: 'getRooms', error: [`cannot read ${address}`, `of ${login}: ${apiKey}`] }];
    const accounts = simulator.hotels.map(({ name, apiKey: good, ...rest }) => {
      const key = name === 'riverside' ? 'an-api-key-that-was-revoked' : good;
      return [name, { login: rest.login, apiKey: key, timezone: rest.timezone, currency: rest.currency }] as const;
    });
    return { baseUrl: simulator.url, accounts: Object.fromEntries(accounts), close: () => simulator.close() };
  },
  async iiko() {
    const faults = { restartPage: 0.05, expiredToken: 0.05, serverError: 0.05, reset: 0.05, truncated: 0.05 };
    const login = 'an-iiko-login';
    const [password, days] = ['an-iiko-password', 5];
    const simulator = await startIikoSimulator({
      seed: SEED,
      lines: 4 * RECORDS,
      days,
      login,
      password,
      goneProducts: 12,
      faults,
    });
    const place = { timezone: 'Asia/Almaty', currency: 'KZT' };
    const accounts = {
      main: { login, password, ...place },
      second: { login, password: 'a-password-that-was-changed', ...place },
    };
    return { baseUrl: simulator.url, accounts, close: () => simulator.close() };
  },
};

/** Sources that know of guests and clients; the others name only those who work there. */
const withPeople = new Set(['clients']);

const tried = [...(await loadSources()).values()].filter((source) => source.simulate ?? source.inHouse);

describe.each(queueBackends())('with the queue on $name', (backend) => {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of opened.splice(0).reverse()) await stop();
  });

  test.each(tried)('$name leaves no secret and no personal datum outside the tables', async (source) => {
    const { system, accounts } = await start(source, backend);
    await system.request();
    await waitFor(async () => (await system.table('source_records')).length > RECORDS / 2, {
      describe: 'records are coming in',
      intervalMs: 5,
    });
    const meanwhile = await everythingIn(backend, system);
    await waitFor(
      async () =>
        (await system.runs()).length === accounts.length * source.entities.filter(({ partOf }) => !partOf).length,
      {
        describe: 'every run is open',
      },
    );
    await system.settled();

    const tokens = (await system.table('source_sessions')).flatMap(({ token }) => token ?? []);
    const canaries = [...secretsOf(accounts), ...tokens, ...(await peopleIn(system.db))];
    if (source.entities.some(({ name }) => withPeople.has(name))) expect(canaries.length).toBeGreaterThan(50);
    const told = {
      jobs: [...meanwhile, ...(await everythingIn(backend, system))],
      log: system.logLines(),
      issues: (await system.table('sync_issues')).map((row) => JSON.stringify(row)),
      runs: (await system.runs()).map((row) => JSON.stringify(row)),
      pages: (await system.table('sync_pages')).map((row) => JSON.stringify(row)),
      records: (await system.table('source_records')).map((row) => `${row.last_error} ${JSON.stringify(row.trail)}`),
      faults: system.faults.map((fault) => `${fault.message} ${fault.stack}`),
    };
    // Seen to be there, so that an empty answer does not pass for a clean one.
    expect(told.jobs.join('\n')).toContain('upsert');
    expect(told.log.join('\n')).toContain('fetch-page');
    if (source.name in troubled) expect(told.issues.length).toBeGreaterThan(8);
    for (const [where, lines] of Object.entries(told)) expect(found(canaries, lines), where).toEqual([]);
  });

  async function start(source: SourceDefinition, on: QueueBackend) {
    if (source.inHouse) return startInHouse(source, on);
    const world = await (troubled[source.name]?.() ?? source.simulate!({ records: RECORDS, seed: SEED }));
    opened.push(() => world.close());
    const accounts = simulatedAccounts(source, { limits: {}, ...world });
    const system = await startSystem({ backend: on, accounts, logLevel: 'trace' });
    opened.push(() => system.stop());
    return { system, accounts };
  }

  async function startInHouse(source: SourceDefinition, on: QueueBackend) {
    const accounts = inHouseAccounts(source);
    const system = await startSystem({ backend: on, accounts, logLevel: 'trace' });
    opened.push(() => system.stop());
    const ask = askDatabase(system.db);
    await source.inHouse?.demo.fill(ask);
    await ask(crowd(1));
    await ask('alter table hotel.guests disable trigger note_change');
    await ask(crowd(RECORDS));
    return { system, accounts };
  }
});

/** Half of the guests come by the outbox, the others are found by a reading. */
const crowd = (
  from: number,
) => `insert into hotel.guests (last_name, first_name, passport_series, passport_number, phone)
  select 'Канарейка' || n, 'Прасковья' || n, '4510', lpad(n::text, 6, '7'), lpad(n::text, 10, '9')
  from generate_series(${from}, ${from} + ${RECORDS / 2}) n`;

function secretsOf(accounts: readonly Account[]): string[] {
  // The second is how every session token begins that is a JWT.
  const plain = accounts.flatMap(({ credentials }) => Object.values(credentials));
  // A vendor may take a password's hash for the password.
  return [...plain, ...plain.map((secret) => hash('sha1', secret)), 'eyJ'];
}

/** Every word that the queue holds of anything: jobs, results, errors, logs. */
async function everythingIn(backend: QueueBackend, system: System): Promise<string[]> {
  return backend.name === 'redis'
    ? wordsInRedis(backend.redisUrl ?? '', system.prefix)
    : wordsInPostgresQueue(system.databaseUrl);
}
