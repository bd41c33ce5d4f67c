import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { schedulersOf } from '../../scheduler/schedules.ts';
import { readEnvironment } from '../../settings/environment.ts';
import { loadSettings } from '../../settings/load-settings.ts';
import { secretsOf } from '../../settings/secrets.ts';
import { SettingsError } from '../../settings/settings-error.ts';
import { loadSources } from '../../sources/load-sources.ts';

const sources = await loadSources();
const SMTP_URL = 'smtps://robot:p%40ss-4711@mail.example.com:465';
const BOT_TOKEN = '123456:ABCdefGHIjklMNOpqrSTUvwx';
const env = { TOKEN: 'some-token', SMTP_URL, BOT_TOKEN };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'notify-settings-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function load(notify: string) {
  const yaml = `sources:
  rentprog:
    accounts:
      tbilisi: { companyToken: "\${TOKEN}", timezone: Asia/Tbilisi, currency: GEL }
${notify}`;
  writeFileSync(join(dir, 'pmsync.yaml'), yaml, { mode: 0o600 });
  return loadSettings({ env, cwd: dir, sources });
}

function problemsOf(notify: string): string[] {
  try {
    load(notify);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const EMAIL = `email: { smtp: "\${SMTP_URL}", from: pmsync@example.com, to: ops@example.com }`;
const TELEGRAM = `telegram: { botToken: "\${BOT_TOKEN}", chatId: "-100123" }`;

describe('the settings of messages', () => {
  test('are nothing when nobody is to be told', () => {
    expect(load('').settings.notify).toBeUndefined();
    expect(schedulersOf(load('').settings, sources).filter(({ id }) => id.includes('notify'))).toEqual([]);
  });

  test('come with alerts, without a digest, in English, by the clock of the first account', () => {
    const { settings, warnings } = load(`notify: { ${EMAIL} }`);
    expect(settings.notify).toEqual({
      language: 'en',
      timezone: 'Asia/Tbilisi',
      alertAfterMs: 120_000,
      email: { smtpUrl: SMTP_URL, from: 'pmsync@example.com', to: ['ops@example.com'] },
    });
    expect(warnings).toEqual([]);
  });

  test('say everything otherwise', () => {
    const to = `[ops@example.com, "Night Shift <night@example.com>"]`;
    const { settings } = load(`notify:
  language: ru
  timezone: Europe/Moscow
  digest: "0 9 * * *"
  alerts: off
  email: { smtp: smtp://relay.local, from: pmsync@example.com, to: ${to} }
  ${TELEGRAM}
`);
    expect(settings.notify).toEqual({
      language: 'ru',
      timezone: 'Europe/Moscow',
      digest: '0 9 * * *',
      email: {
        smtpUrl: 'smtp://relay.local',
        from: 'pmsync@example.com',
        to: ['ops@example.com', 'Night Shift <night@example.com>'],
      },
      telegram: { botToken: BOT_TOKEN, chatId: '-100123', baseUrl: 'https://api.telegram.org' },
    });
    const own = schedulersOf(settings, sources).filter(({ id }) => id.startsWith('plan.notify.'));
    expect(own.map(({ id, repeat }) => [id, repeat])).toEqual([
      ['plan.notify.alert-red', { every: 60_000 }],
      ['plan.notify.send-digest', { pattern: '0 9 * * *', tz: 'Europe/Moscow' }],
    ]);
  });

  test('know their secrets, and warn about those in the file', () => {
    const { settings } = load(`notify: { ${EMAIL}, ${TELEGRAM} }`);
    expect(secretsOf(settings)).toEqual(expect.arrayContaining(['p%40ss-4711', 'p@ss-4711', BOT_TOKEN]));
    const { warnings } = load(`notify: { email: { smtp: "${SMTP_URL}", from: a@b.c, to: a@b.c } }`);
    expect(warnings).toEqual([expect.stringContaining('notify.email.smtp: a secret is written in the file')]);
    expect(warnings.join()).not.toContain('4711');
  });

  test.each([
    ['notify: {}', 'pmsync.yaml:5 notify: names no way to send anything. Add email: or telegram: below it'],
    [`notify: { ${EMAIL}, language: de }`, '"de" is no language. Write en or ru'],
    [`notify: { ${EMAIL}, digest: 1d }`, '"1d" is no cron line. Write a cron line such as "0 9 * * *", or off'],
    [`notify: { ${EMAIL}, digest: "0 25 * * *" }`, 'is a cron line that never fires or cannot be read'],
    [
      `notify: { ${EMAIL}, alerts: soon }`,
      '"soon" is no time. Write how long an account is red first, e.g. 2m, or off',
    ],
    [`notify: { ${EMAIL}, timezone: Tbilisi }`, '"Tbilisi" is no IANA time zone'],
    [`notify: { ${EMAIL}, telegramm: {} }`, 'notify.telegramm: unknown key. Did you mean telegram?'],
    ['notify: { email: {} }', `notify.email: smtp is missing. Write e.g. smtp: "\${SMTP_URL}"`],
    ['notify: { email: { smtp: "http://x", from: a@b.c, to: a@b.c } }', 'smtp: is no address of a mail server'],
    ['notify: { email: { smtp: "smtp://x", from: a@b.c, to: [] } }', 'notify.email.to: names nobody'],
    [
      'notify: { email: { smtp: "smtp://x", from: a@b.c, to: [a@b.c, nobody] } }',
      'notify.email.to.1: "nobody" is no e-mail address',
    ],
    ['notify: { telegram: { botToken: abc, chatId: "1" } }', 'notify.telegram.botToken: is no token of a bot'],
    [`notify: { telegram: { botToken: "\${BOT_TOKEN}", chatId: ops } }`, '"ops" is no chat. Write its number'],
  ])('%s is refused with what to write instead', (yaml, problem) => {
    expect(problemsOf(yaml).join('\n')).toContain(problem);
  });
});

describe('the environment', () => {
  test('says where metrics and traces go, or that there are none', () => {
    expect(readEnvironment({})).not.toHaveProperty('metrics');
    expect(readEnvironment({})).not.toHaveProperty('traces');
    const given = readEnvironment({
      METRICS_PORT: '9464',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc-4711, x-scope=a=b',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    });
    expect(given.metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(given.traces).toEqual({
      endpoint: 'http://localhost:4318',
      headers: { authorization: 'Bearer abc-4711', 'x-scope': 'a=b' },
      serviceName: 'pmsync',
      ratio: 0.25,
    });
    expect(secretsOf(undefined, given)).toContain('Bearer abc-4711');
  });

  test.each([
    [{ METRICS_PORT: 'x' }, 'METRICS_PORT'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_EXPORTER_OTLP_HEADERS: 'nonsense' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
  ])('%j is refused', (wrong, name) => {
    expect(() => readEnvironment(wrong)).toThrow(`environment ${name}: `);
  });
});
