import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from '../../settings/environment.ts';
import { loadSettings } from '../../settings/load-settings.ts';
import { secretsOf } from '../../settings/secrets.ts';
import { SettingsError } from '../../settings/settings-error.ts';
import { withEnvFile } from '../../settings/with-env-file.ts';
import type { EntityDefinition, SourceDefinition } from '../../sources/define-source.ts';
import { loadSources } from '../../sources/load-sources.ts';

const DAY_MS = 86_400_000;
const SECRET = 'do-not-show-4711';
const ENV = { RENTPROG_TBILISI_TOKEN: SECRET };

function fakeSource(name: string, keys: string[], entities: string[], more: Partial<SourceDefinition> = {}) {
  const source: SourceDefinition = {
    name,
    title: name,
    baseUrl: `https://${name}.example/api`,
    limits: { read: '60/min' },
    schedule: { [entities[0]!]: '15m', full: '0 3 * * *' },
    account: z.object(Object.fromEntries(keys.map((key) => [key, z.string().min(3)]))),
    entities: entities.map((entity) => ({ name: entity, listing: {} }) as EntityDefinition),
    ...more,
  };
  return [name, source] as const;
}

const sources = new Map([
  fakeSource('rentprog', ['companyToken'], ['clients', 'cars', 'bookings'], {
    limits: { read: '120/min', search: '30/min', auth: '60/min' },
  }),
  fakeSource('litepms', ['login', 'apiKey'], ['clients', 'bookings'], {
    options: z.object({ from: z.iso.date('Write a day, e.g. 2015-01-02').default('2015-01-02') }),
  }),
  fakeSource('iiko', ['login', 'password'], ['products', 'receipts'], { baseUrl: '' }),
]);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function load(yaml: string, env: NodeJS.ProcessEnv = ENV) {
  writeFileSync(join(dir, 'pmsync.yaml'), yaml, { mode: 0o600 });
  return loadSettings({ env, cwd: dir, sources });
}

function problemsOf(yaml: string, env: NodeJS.ProcessEnv = ENV): string[] {
  try {
    load(yaml, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** One good account with lines for it (`account`), for its source (`source`) or for the file (`top`). */
function yamlWith({ account = '', source = '', top = '' }): string {
  return `sources:
  rentprog:
    accounts:
      tbilisi:
        companyToken: "\${RENTPROG_TBILISI_TOKEN}"
        timezone: Asia/Tbilisi
        currency: GEL
${account && `        ${account}\n`}${source && `    ${source}\n`}${top}`;
}

describe('loadSettings', () => {
  it('completes the file with the defaults of the source', () => {
    expect(load(yamlWith({}))).toEqual({
      settings: {
        sources: [
          {
            name: 'rentprog',
            baseUrl: 'https://rentprog.example/api',
            limits: {
              read: { max: 120, perMs: 60_000 },
              search: { max: 30, perMs: 60_000 },
              auth: { max: 60, perMs: 60_000 },
            },
            schedule: { clients: { everyMs: 900_000 }, full: { cron: '0 3 * * *' } },
            accounts: [
              {
                source: 'rentprog',
                name: 'tbilisi',
                baseUrl: 'https://rentprog.example/api',
                timezone: 'Asia/Tbilisi',
                currency: 'GEL',
                credentials: { companyToken: SECRET },
                options: {},
              },
            ],
          },
        ],
        fanOut: { perRecordLimit: 2000 },
        deleteBrake: { percent: 5, rows: 20 },
        retention: { runsMs: 90 * DAY_MS, issuesMs: 90 * DAY_MS, logsMs: 30 * DAY_MS },
      },
      warnings: [],
    });
  });

  it('takes limits, schedules, addresses and brakes from the file', () => {
    const { settings } = load(
      yamlWith({
        account: 'baseUrl: https://other.example/v2/',
        source: `limits: { read: 10/s }
    schedule: { clients: off, cars: 1h, full: { cron: "30 2 * * 1", timezone: Europe/Moscow } }
    baseUrl: http://localhost:1234`,
        top: 'fanOut: { perRecordLimit: 0 }\ndeleteBrake: 7.5%\n',
      }),
    );
    const [source] = settings.sources;
    expect(source?.baseUrl).toBe('http://localhost:1234');
    expect(source?.accounts[0]?.baseUrl).toBe('https://other.example/v2');
    expect(source?.limits).toMatchObject({ read: { max: 10, perMs: 1000 }, search: { max: 30 } });
    expect(source?.schedule).toEqual({
      cars: { everyMs: 3_600_000 },
      full: { cron: '30 2 * * 1', timezone: 'Europe/Moscow' },
    });
    expect(settings.fanOut).toEqual({ perRecordLimit: 0 });
    expect(settings.deleteBrake).toEqual({ percent: 7.5, rows: 20 });
  });

  it('takes how long things are kept, and for ever where it says off', () => {
    const { settings } = load(yamlWith({ top: 'retention: { runs: off, issues: 1d, audit: 365d }' }));
    expect(settings.retention).toEqual({ issuesMs: DAY_MS, auditMs: 365 * DAY_MS, logsMs: 30 * DAY_MS });
    const wrong = problemsOf(yamlWith({ top: 'retention: { runs: 29d, issues: 0d, audit: 5, log: 1d }' }));
    expect(wrong).toEqual([
      expect.stringContaining('retention.log: unknown key. Did you mean logs?'),
      expect.stringContaining(
        'retention.runs: "29d" is less than 30d. Write 30d or more, e.g. 90d, or off to keep all',
      ),
      expect.stringContaining('retention.issues: "0d" is no time. Write 1d or more'),
      expect.stringContaining('retention.audit: "5" is no time. Write 30d or more'),
    ]);
  });

  it('reports every problem at once, each with its line, its place and what to write instead', () => {
    expect(
      problemsOf(`sources:
  rentprog:
    limits: { read: 120 }
    schedule: { clients: 5s, cars: "99 3 * * *", bookings: often }
    accounts:
      Tbilisi: { companyToken: "\${NOWHERE}", timezone: Asia/Tblisi, currency: Lari }
      batumi: { companyTokn: x, webhookSecret: "a b" }
  litepm: {}
  iiko:
    accounts:
      main: { baseUrl: "ftp://x", login: "\${RENTPROG_TBILISI_TOKEN}", password: "", timezone: +04:00, currency: KZT }
      second: { login: "\${RENTPROG_TBILISI_TOKEN}", password: ab, timezone: UTC, currency: KZT }
deleteBrake: { percent: 120, rows: few }
`),
    ).toMatchInlineSnapshot(`
      [
        "pmsync.yaml:8 sources.litepm: unknown key. Did you mean litepms?",
        "pmsync.yaml:3 sources.rentprog.limits.read: "120" is no rate. Write e.g. 120/min, 10/s or 600/h",
        "pmsync.yaml:4 sources.rentprog.schedule.clients: "5s" fires oftener than every 10 seconds. Write an interval such as 5m (30s, 1h, 1d), a cron line such as "0 3 * * *", or off",
        "pmsync.yaml:4 sources.rentprog.schedule.cars: "99 3 * * *" is a cron line that never fires or cannot be read. Write an interval such as 5m (30s, 1h, 1d), a cron line such as "0 3 * * *", or off",
        "pmsync.yaml:4 sources.rentprog.schedule.bookings: "often" is neither an interval nor a cron line. Write an interval such as 5m (30s, 1h, 1d), a cron line such as "0 3 * * *", or off",
        "pmsync.yaml:6 sources.rentprog.accounts.Tbilisi: is no account name. Write small letters, digits, _ and -, e.g. tbilisi",
        "pmsync.yaml:6 sources.rentprog.accounts.Tbilisi.timezone: "Asia/Tblisi" is no IANA time zone. Write e.g. Asia/Tbilisi",
        "pmsync.yaml:6 sources.rentprog.accounts.Tbilisi.currency: "Lari" is no ISO 4217 currency. Write e.g. GEL",
        "pmsync.yaml:6 sources.rentprog.accounts.Tbilisi.companyToken: NOWHERE is not set: add it to .env or the environment",
        "pmsync.yaml:7 sources.rentprog.accounts.batumi.companyTokn: unknown key. Did you mean companyToken?",
        "pmsync.yaml:7 sources.rentprog.accounts.batumi: timezone is missing. Write e.g. timezone: Asia/Tbilisi",
        "pmsync.yaml:7 sources.rentprog.accounts.batumi: currency is missing. Write e.g. currency: GEL",
        "pmsync.yaml:7 sources.rentprog.accounts.batumi.webhookSecret: cannot be a part of a URL or is shorter than 8 characters. Write letters, digits, _ and - only, e.g. what \`openssl rand -hex 16\` prints",
        "pmsync.yaml:7 sources.rentprog.accounts.batumi: companyToken is missing. Write e.g. companyToken: "\${RENTPROG_BATUMI_COMPANY_TOKEN}"",
        "pmsync.yaml:11 sources.iiko.accounts.main.baseUrl: is no http(s) address. Write e.g. https://example.com/api",
        "pmsync.yaml:11 sources.iiko.accounts.main.timezone: "+04:00" is no IANA time zone. Write e.g. Asia/Tbilisi",
        "pmsync.yaml:11 sources.iiko.accounts.main.password: is empty. Write a value or remove the key",
        "pmsync.yaml:12 sources.iiko.accounts.second: baseUrl is missing. Write the address of this iiko server below it",
        "pmsync.yaml:12 sources.iiko.accounts.second.password: is not accepted by iiko. Too small: expected string to have >=3 characters",
        "pmsync.yaml:13 deleteBrake.percent: "120" is no percentage. Write a number from 0 to 100, e.g. 5",
        "pmsync.yaml:13 deleteBrake.rows: "few" is no whole number. Write e.g. 2000",
      ]
    `);
  });

  it('names a missing and an empty environment variable', () => {
    const fix = 'add it to .env or the environment';
    const place = 'pmsync.yaml:5 sources.rentprog.accounts.tbilisi.companyToken';
    expect(problemsOf(yamlWith({}), {})).toEqual([`${place}: RENTPROG_TBILISI_TOKEN is not set: ${fix}`]);
    expect(problemsOf(yamlWith({}), { RENTPROG_TBILISI_TOKEN: '' })).toEqual([
      `${place}: RENTPROG_TBILISI_TOKEN is empty: ${fix}`,
    ]);
  });

  it('reads a .env beside the file, lets the real environment win and changes neither', () => {
    writeFileSync(join(dir, '.env'), 'RENTPROG_TBILISI_TOKEN=from-file\nPORT=99\n', { mode: 0o600 });
    const env = {};
    const token = () => load(yamlWith({}), env).settings.sources[0]?.accounts[0]?.credentials.companyToken;
    expect(token()).toBe('from-file');
    Object.assign(env, { RENTPROG_TBILISI_TOKEN: 'from-environment' });
    expect(token()).toBe('from-environment');
    expect(withEnvFile({ env, cwd: dir })).toEqual({ RENTPROG_TBILISI_TOKEN: 'from-environment', PORT: '99' });
    expect(env).toEqual({ RENTPROG_TBILISI_TOKEN: 'from-environment' });
    expect(process.env.RENTPROG_TBILISI_TOKEN).toBeUndefined();
  });

  it('keeps credentials as text, whatever they look like', () => {
    const { settings } = load(`sources: { litepms: { accounts: { main:
      { login: 007, apiKey: 1e5_0, timezone: UTC, currency: RUB, webhookSecret: 12345678 } } } }`);
    expect(settings.sources[0]?.accounts[0]).toMatchObject({
      credentials: { login: '007', apiKey: '1e5_0' },
      webhookSecret: '12345678',
    });
  });

  it('completes the options of a source, which are no secrets, and reports what it does not accept', () => {
    const options = (more: string) => `sources: { litepms: { accounts: { main:
      { login: "\${L}", apiKey: "\${K}", timezone: UTC, currency: RUB${more} } } } }`;
    const env = { L: 'login', K: 'the-key', FROM: 'long ago' };
    const read = (more: string) => load(options(more), env);
    expect(read('').settings.sources[0]?.accounts[0]?.options).toEqual({ from: '2015-01-02' });
    expect(read(', from: 2024-05-01')).toMatchObject({
      settings: { sources: [{ accounts: [{ options: { from: '2024-05-01' } }] }] },
      warnings: [],
    });
    const place = 'pmsync.yaml:2 sources.litepms.accounts.main';
    expect(problemsOf(options(', from: yesterday'), env)).toEqual([
      `${place}.from: "yesterday" is not accepted by litepms. Write a day, e.g. 2015-01-02`,
    ]);
    expect(problemsOf(options(`, from: "\${FROM}"`), env)).toEqual([
      `${place}.from: The value of \${FROM} is not accepted by litepms. Write a day, e.g. 2015-01-02`,
    ]);
    expect(problemsOf(options(', form: 2024-05-01'), env)).toEqual([`${place}.form: unknown key. Did you mean from?`]);
  });

  it('suggests the known name next to an unknown key', () => {
    expect(problemsOf(yamlWith({ account: 'timzone: UTC', source: 'limit: {}', top: 'fanout: {}\n' }))).toEqual([
      'pmsync.yaml:10 fanout: unknown key. Did you mean fanOut?',
      'pmsync.yaml:9 sources.rentprog.limit: unknown key. Did you mean limits?',
      'pmsync.yaml:8 sources.rentprog.accounts.tbilisi.timzone: unknown key. Did you mean timezone?',
    ]);
  });

  it('reports duplicate keys and broken YAML with the line and without quoting the file', () => {
    expect(problemsOf(yamlWith({ account: 'currency: GEL' }))).toEqual([
      'pmsync.yaml:8: this key stands here twice. Keep one of the two',
    ]);
    for (const broken of [`a: "${SECRET}`, `a: [${SECRET}`, `a: *${SECRET}`, `a: !${SECRET} x`, `a: b: ${SECRET}`]) {
      const problems = problemsOf(yamlWith({ account: broken }));
      expect(problems.join()).toMatch(/pmsync\.yaml:\d+/);
      expect(problems.join()).not.toContain(SECRET);
    }
  });

  it('never shows a value that came from the environment or that is a credential', () => {
    const problems = problemsOf(
      `sources:
  rentprog:
    baseUrl: https://user:${SECRET}@x.example
    limits: { read: "\${S}" }
    schedule: { cars: "\${S}" }
    accounts:
      a: { companyToken: { x: ${SECRET} }, timezone: "\${S}", currency: "\${S}", webhookSecret: "/${SECRET}" }
      b: ${SECRET}
  iiko: { accounts: { main: { baseUrl: "\${S}", login: "\${S}", password: a, timezone: UTC, currency: KZT } } }
deleteBrake: "\${S}"
`,
      { S: SECRET },
    );
    expect(problems.length).toBeGreaterThan(9);
    expect(problems.join('\n')).not.toContain(SECRET);
  });

  it('says where it looked for the file and what to do without one', () => {
    const where = { env: {}, cwd: dir, sources };
    expect(() => loadSettings(where)).toThrow(
      `pmsync.yaml: there is no settings file at ${dir}/pmsync.yaml (the default place). ` +
        'Copy pmsync.example.yaml to it and fill it in, or try ./pmsync demo, which needs none',
    );
    expect(() => loadSettings({ ...where, env: { PMSYNC_CONFIG: 'b.yaml' } })).toThrow(`${dir}/b.yaml (PMSYNC_CONFIG)`);
    expect(() => loadSettings({ ...where, configPath: 'c.yaml' })).toThrow(`${dir}/c.yaml (--config)`);
    expect(() => loadSettings({ ...where, configPath: '.' })).toThrow('cannot be read (EISDIR)');
  });

  it('warns about secrets in the file and about files others can read', () => {
    const yaml = yamlWith({ account: 'webhookSecret: written-in-here' });
    writeFileSync(join(dir, '.env'), 'X=1', { mode: 0o600 });
    chmodSync(join(dir, '.env'), 0o644);
    load(yaml);
    chmodSync(join(dir, 'pmsync.yaml'), 0o640);
    expect(loadSettings({ env: ENV, cwd: dir, sources }).warnings).toEqual([
      'pmsync.yaml:8 sources.rentprog.accounts.tbilisi.webhookSecret: a secret is written in the file. ' +
        `Put it into .env as RENTPROG_TBILISI_WEBHOOK_SECRET and write "\${RENTPROG_TBILISI_WEBHOOK_SECRET}"`,
      'pmsync.yaml holds secrets and other users of this machine can read it. Run: chmod 600 pmsync.yaml',
      '.env holds secrets and other users of this machine can read it. Run: chmod 600 .env',
    ]);
  });

  it('warns about credentials that go over the network unencrypted, and not about those that stay here', () => {
    const warningsOf = (baseUrl: string) => load(yamlWith({ account: `baseUrl: ${baseUrl}` })).warnings;
    expect(warningsOf('http://vendor.example/api')).toEqual([
      'pmsync.yaml:8 sources.rentprog.accounts.tbilisi.baseUrl: the credentials are sent there unencrypted. ' +
        'Write https:// if the server has it',
    ]);
    for (const here of ['https://vendor.example', 'http://127.0.0.1:8080', 'http://localhost', '"http://[::1]:1/"'])
      expect(warningsOf(here), here).toEqual([]);
    expect(warningsOf('http://127.0.0.1.evil.example')).toHaveLength(1);
  });

  it('warns about files that others can change, and about the key of a certificate', () => {
    writeFileSync(join(dir, '.env'), '', { mode: 0o600 });
    load(yamlWith({ account: '' }));
    const key = join(dir, 'client.key');
    writeFileSync(key, 'a key', { mode: 0o600 });
    const warningsWith = (env: NodeJS.ProcessEnv) =>
      loadSettings({ env: { ...ENV, ...env }, cwd: dir, sources }).warnings;
    const env = { DATABASE_URL: `postgresql://pm@db.example/pm?sslkey=${key}` };
    expect(warningsWith(env)).toEqual([]);
    chmodSync(join(dir, 'pmsync.yaml'), 0o664);
    chmodSync(join(dir, '.env'), 0o602);
    chmodSync(key, 0o640);
    expect(warningsWith(env)).toEqual([
      'pmsync.yaml says where credentials are sent, and other users can change it. Run: chmod go-w pmsync.yaml',
      '.env says where credentials are sent, and other users can change it. Run: chmod go-w .env',
      `${key} holds secrets and other users of this machine can read it. Run: chmod 600 ${key}`,
    ]);
  });

  it('follows YAML aliases, also one that contains itself', () => {
    const shared = yamlWith({ account: '' }).replace('tbilisi:', 'tbilisi: &shared');
    expect(load(`${shared}      batumi: *shared\n`).settings.sources[0]?.accounts).toHaveLength(2);
    expect(problemsOf('sources: &a { rentprog: *a }').length).toBeGreaterThan(0);
  });

  it('loads the example with the example environment', async () => {
    const root = join(import.meta.dirname, '../..');
    copyFileSync(join(root, 'pmsync.example.yaml'), join(dir, 'pmsync.yaml'));
    copyFileSync(join(root, '.env.example'), join(dir, '.env'));
    chmodSync(join(dir, '.env'), 0o600);
    chmodSync(join(dir, 'pmsync.yaml'), 0o644);
    // With the sources as they are: what a user copies must work.
    const { settings, warnings } = loadSettings({ env: {}, cwd: dir, sources: await loadSources() });
    expect(settings.sources.map(({ name, accounts }) => [name, accounts.length])).toEqual([['rentprog', 2]]);
    expect(warnings).toEqual([]);
    expect(() => readEnvironment(withEnvFile({ env: {}, cwd: dir }))).not.toThrow();
  });

  it('answers any text with settings or a SettingsError', () => {
    const good = yamlWith({
      account: 'webhookSecret: aaaaaaaa',
      source: 'limits: { read: 1/s }',
      top: 'deleteBrake: 5%',
    });
    const words = good.split(/(\s+|[:{}"])/).filter(Boolean);
    const piece = fc.oneof(
      fc.constantFrom(
        ...words,
        '*',
        '&a',
        '<<',
        '? ',
        '- ',
        '!!int',
        '\t',
        '\n',
        '[',
        '${',
        '---',
        '__proto__: 1',
        '|',
        '~',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const mixed = fc
      .tuple(fc.nat(good.length), fc.nat(20), fc.array(piece, { maxLength: 4 }))
      .map(([at, cut, pieces]) => good.slice(0, at) + pieces.join('') + good.slice(at + cut));
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((all) => all.join('')),
      mixed,
    );
    fc.assert(
      fc.property(anything, (yaml) => {
        const problems = problemsOf(yaml);
        expect(problems.join()).not.toContain(SECRET);
      }),
      { seed: 4711, numRuns: 1500 },
    );
    expect(problemsOf('['.repeat(50_000)).length).toBeGreaterThan(0);
  });
});

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({ PORT: '', REDIS_URL: '' })).toEqual({
      dataDir: '.pmsync',
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'info',
      logDir: 'logs',
      shutdownTimeoutMs: 20_000,
    });
  });

  it('takes what is set', () => {
    const env = { DATABASE_URL: 'postgres://a@b/c', PORT: '0', LOG_LEVEL: 'DEBUG', CONSOLE_PASSWORD: 'x y' };
    expect(readEnvironment({ ...env, SHUTDOWN_TIMEOUT: '45' })).toMatchObject({
      databaseUrl: 'postgres://a@b/c',
      port: 0,
      logLevel: 'debug',
      consolePassword: 'x y',
      shutdownTimeoutMs: 45_000,
    });
    expect(readEnvironment({ SHUTDOWN_TIMEOUT: '1m' }).shutdownTimeoutMs).toBe(60_000);
  });

  it('reports every problem at once without showing an address', () => {
    const env = { DATABASE_URL: `mysql://a:${SECRET}@b`, REDIS_URL: SECRET, PORT: '70000', LOG_LEVEL: 'loud' };
    expect(() => readEnvironment({ ...env, SHUTDOWN_TIMEOUT: 'soon' })).toThrow(
      new SettingsError(
        [
          [
            'DATABASE_URL',
            'is no postgresql:// address',
            'Write e.g. postgresql://user:password@localhost:5432/pmsync',
          ],
          ['REDIS_URL', 'is no redis:// address', 'Write e.g. redis://localhost:6379'],
          ['PORT', '"70000" is no port', 'Write a number up to 65535, e.g. 8080'],
          ['LOG_LEVEL', '"loud" is no log level', 'Write one of: trace, debug, info, warn, error, fatal, silent'],
          ['SHUTDOWN_TIMEOUT', '"soon" is no time', 'Write seconds, e.g. 20 or 20s'],
        ].map(([place, problem, fix]) => ({ file: 'environment', place: place!, problem: problem!, fix: fix! })),
      ),
    );
  });
});

describe('secretsOf', () => {
  it('lists credentials, webhook secrets and the passwords of the environment', () => {
    const { settings } = load(yamlWith({ account: 'webhookSecret: written-in-here' }));
    const environment = readEnvironment({ DATABASE_URL: 'postgres://a:p%40ss@b/c', CONSOLE_PASSWORD: 'console' });
    expect(secretsOf(settings, environment)).toEqual([SECRET, 'written-in-here', 'p%40ss', 'p@ss', 'console']);
  });
});
