import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { addNotices } from '../../db/notices.ts';
import { alertRed } from '../../jobs/alert-red.ts';
import { sendDigest } from '../../jobs/send-digest.ts';
import { sendEmail } from '../../notify/send-email.ts';
import type { NotifySettings } from '../../settings/settings.ts';
import type { Account } from '../../sources/define-source.ts';
import { queueBackends } from '../support/backends.ts';
import { runCli } from '../support/run-cli.ts';
import { type SmtpServer, startSmtpServer } from '../support/smtp-server.ts';
import { type System, startSystem } from '../support/system.ts';
import { startTelegramServer, type TelegramServer } from '../support/telegram-server.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR = 3_600_000;
const TOKEN = '4711:a-token-that-nobody-may-see';
const PASSWORD = 'a-password-that-nobody-may-see';
const ENTITIES = ['clients', 'cars', 'bookings'];
const schedule = Object.fromEntries(ENTITIES.map((entity) => [entity, { everyMs: HOUR }]));
const account = (name: string): Account => ({
  source: 'rentprog',
  name,
  baseUrl: 'http://127.0.0.1:9',
  timezone: 'Asia/Tbilisi',
  currency: 'GEL',
  credentials: { companyToken: 'never-used' },
  options: {},
});

describe.each(queueBackends())('messages to operators with $name', (backend) => {
  let smtp: SmtpServer;
  let telegram: TelegramServer;
  let notify: NotifySettings;
  let system: System;
  let second: System;

  beforeAll(async () => {
    [smtp, telegram] = await Promise.all([startSmtpServer(), startTelegramServer(TOKEN)]);
    notify = {
      language: 'en',
      timezone: 'Asia/Tbilisi',
      digest: '0 9 * * *',
      alertAfterMs: 1,
      email: {
        smtpUrl: smtp.url.replace('//', `//robot:${PASSWORD}@`),
        from: 'pmsync@example.com',
        to: ['ops@example.com'],
      },
      telegram: { botToken: TOKEN, chatId: '-100', baseUrl: telegram.url },
    };
    const accounts = [account('tbilisi'), account('batumi')];
    system = await startSystem({ backend, accounts, schedule, notify });
    second = await startSystem({ backend, accounts, schedule, notify, beside: system });
    for (const name of ['tbilisi', 'batumi']) for (const entity of ENTITIES) await runEnds(name, entity, 'succeeded');
  });
  afterEach(async () => {
    await sql`truncate notices, account_lights`.execute(system.db);
    smtp.mails.length = 0;
    telegram.messages.length = 0;
    notify.alertAfterMs = 1;
  });
  afterAll(async () => {
    await second.stop();
    await system.stop();
    await smtp.close();
    await telegram.close();
  });

  async function runEnds(name: string, entity: string, status: 'succeeded' | 'failed'): Promise<void> {
    await sql`insert into sync_log (source, account, entity, mode, trigger, status, started_at, finished_at)
      values ('rentprog', ${name}, ${entity}, 'full', 'schedule', ${status}, clock_timestamp(), clock_timestamp())`.execute(
      system.db,
    );
  }

  /** Every process looks several times at once; answers when all have. */
  async function everybodyLooks(): Promise<void> {
    const jobs = await Promise.all(
      [system, second].flatMap(({ context }) =>
        [1, 2, 3].map(() => context.queues.queue('sync').add('alert-red', {}, { attempts: 1 })),
      ),
    );
    await waitFor(async () => (await Promise.all(jobs.map((job) => job.isCompleted()))).every(Boolean), {
      describe: 'all have looked',
    });
  }

  const notices = () => system.table('(select kind, channel, sent_at, given_up_at, last_error from notices) n');
  const unsent = async () => (await notices()).filter((notice) => !notice.sent_at && !notice.given_up_at).length;
  const allSent = () => waitFor(async () => (await unsent()) === 0, { describe: 'nothing is left to be sent' });
  const subjects = () => smtp.mails.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1]?.trim());
  const said = () => [...system.logLines(), ...second.logLines()].join('\n');

  test('An account that turns red is told once by each way, and once when it is so no more', async () => {
    await everybodyLooks();
    expect(await notices()).toEqual([]);
    await runEnds('tbilisi', 'bookings', 'failed');
    await everybodyLooks();
    // Red has to last for a moment.
    await everybodyLooks();
    await everybodyLooks();
    await allSent();
    expect(subjects()).toEqual(['rentprog tbilisi is red']);
    expect(smtp.mails[0]).toMatchObject({ to: ['ops@example.com'], login: `robot:${PASSWORD}` });
    expect(telegram.messages).toHaveLength(1);
    expect(telegram.messages[0]?.body).toMatchObject({ chat_id: '-100', parse_mode: 'HTML' });
    expect(telegram.messages[0]?.body.text).toContain('<b>rentprog tbilisi is red</b>');
    expect(telegram.messages[0]?.body.text).toContain('bookings: the last run failed');

    await runEnds('tbilisi', 'bookings', 'succeeded');
    await everybodyLooks();
    await everybodyLooks();
    await allSent();
    expect(subjects()).toEqual(['rentprog tbilisi is red', 'rentprog tbilisi is not red any more']);
    expect(telegram.messages[1]?.body.text).toContain('Everything is green.');
    expect(telegram.messages).toHaveLength(2);
  });

  test('An account that is red for a moment only is not told', async () => {
    notify.alertAfterMs = HOUR;
    await everybodyLooks();
    await runEnds('batumi', 'cars', 'failed');
    await everybodyLooks();
    expect(
      await system.table(`(select light, source, account, since from account_lights where account = 'batumi') l`),
    ).toMatchObject([{ light: 'red' }]);
    await runEnds('batumi', 'cars', 'succeeded');
    await everybodyLooks();
    expect(await notices()).toEqual([]);
  });

  test('Accounts that turn red together are told in one message', async () => {
    await everybodyLooks();
    for (const name of ['tbilisi', 'batumi']) await runEnds(name, 'clients', 'failed');
    await everybodyLooks();
    await everybodyLooks();
    await allSent();
    expect(subjects()).toEqual(['2 accounts are red']);
    for (const name of ['tbilisi', 'batumi']) {
      expect(telegram.messages[0]?.body.text).toContain(`🔴 <b>rentprog ${name}</b>`);
      await runEnds(name, 'clients', 'succeeded');
    }
  });

  test('A digest that two processes ask for is sent once, with what the day has brought', async () => {
    await sql`insert into sync_issues (source, account, entity, external_id, kind, message, opened_at, resolved_at)
      values ('rentprog', 'batumi', 'bookings', '1', 'missing_parent', 'x', now(), now())`.execute(system.db);
    await Promise.all([system, second].map(({ context }) => context.enqueue(sendDigest, [{}, {}])));
    await waitFor(async () => (await notices()).length > 0, { describe: 'a digest is written down' });
    await allSent();
    expect(smtp.mails).toHaveLength(1);
    expect(telegram.messages).toHaveLength(1);
    const { text } = telegram.messages[0]!.body;
    expect(text).toMatch(/<b>pmsync \d{4}-\d\d-\d\d: 2 green<\/b>/);
    expect(text).toContain('issues healed: 1');
    expect(text).toContain('open issues: 0');
  });

  test('What cannot be sent now is sent later; what is refused is given up, and the log says why', async () => {
    const details = { at: new Date().toISOString(), since: new Date().toISOString(), accounts: [] };
    smtp.refuse('DATA', '451 greylisted, ops@example.com', 2);
    telegram.refuse(429, { ok: false, description: 'Too Many Requests', parameters: { retry_after: 1 } });
    await addNotices(system.db, [{ kind: 'digest', key: 'later', details }], ['email', 'telegram']);
    await everybodyLooks();
    await allSent();
    expect([smtp.mails.length, telegram.messages.length]).toEqual([1, 1]);
    expect(said()).toContain('e-mail: EENVELOPE, answer 451 at DATA');

    smtp.refuse('RCPT', '550 no such user: ops@example.com');
    telegram.refuse(401, { ok: false, description: 'Unauthorized' });
    await addNotices(system.db, [{ kind: 'digest', key: 'never', details }], ['email', 'telegram']);
    await everybodyLooks();
    await allSent();
    const given = (await notices()).filter((notice) => notice.given_up_at);
    expect(given.map((notice) => notice.last_error)).toEqual([
      expect.stringMatching(/^e-mail: .*550/),
      'Telegram: 401, Unauthorized',
    ]);
    expect([smtp.mails.length, telegram.messages.length]).toEqual([1, 1]);
    expect(said()).toContain('"level":"error"');
  });

  test('A message whose job was lost is sent after the next look', async () => {
    const details = { at: new Date().toISOString(), since: new Date().toISOString(), accounts: [] };
    await addNotices(system.db, [{ kind: 'digest', key: 'lost', details }], ['email']);
    await sql`update notices set turn = 1`.execute(system.db);
    await everybodyLooks();
    await allSent();
    expect(smtp.mails).toHaveLength(1);
  });

  test('`digest` prints how everything stands, and with `--send` sends it, saying by which way it failed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pmsync-digest-'));
    const config = join(folder, 'pmsync.yaml');
    const env = {
      DATABASE_URL: system.databaseUrl,
      PMSYNC_CONFIG: config,
      LOG_DIR: folder,
      SMTP_URL: notify.email?.smtpUrl ?? '',
      BOT_TOKEN: TOKEN,
    };
    const { timezone, currency } = account('tbilisi');
    const sources = { rentprog: { accounts: { tbilisi: { companyToken: 'never-used', timezone, currency } } } };
    const channels = {
      language: 'ru',
      email: { smtp: `\${SMTP_URL}`, from: 'pmsync@example.com', to: ['ops@example.com'] },
      telegram: { botToken: `\${BOT_TOKEN}`, chatId: '-100', baseUrl: telegram.url },
    };
    try {
      writeFileSync(config, stringify({ sources }), { mode: 0o600 });
      const printed = await runCli(env, 'digest');
      expect(printed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pmsync \d{4}-.*: 1 green\n/) });
      expect((await runCli(env, 'digest', '--json')).data().accounts[0]).toMatchObject({
        account: 'tbilisi',
        light: 'green',
      });
      const nobody = await runCli(env, 'digest', '--send');
      expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('Write notify:') });

      writeFileSync(config, stringify({ sources, notify: channels }), { mode: 0o600 });
      telegram.refuse(403, { ok: false, description: 'Forbidden: bot was kicked' });
      const sent = await runCli(env, 'digest', '--send');
      expect(sent.code).toBe(1);
      expect(sent.stdout).toContain('Sent by email.\nNOT sent by telegram: Telegram: 403, Forbidden: bot was kicked');
      expect(smtp.mails).toHaveLength(1);
      expect(sent.stdout + sent.stderr).not.toContain(TOKEN);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('No password, no token and no address is in a log, a job or the database', async () => {
    const jobs = await system.queues.queue('notify').getJobs(['completed', 'failed', 'waiting', 'active', 'delayed']);
    const stored = JSON.stringify([jobs.map((job) => job.toJSON()), await system.table('notices')]);
    expect(jobs.length).toBeGreaterThan(0);
    for (const secret of [PASSWORD, TOKEN, 'ops@example.com', 'never-used']) {
      expect(said()).not.toContain(secret);
      expect(stored).not.toContain(secret);
    }
    expect(alertRed.payload.parse({ anything: 1 })).toEqual({});
  });
});

test('A password is not sent to another machine over a line that is not encrypted', async () => {
  const smtp = await startSmtpServer();
  try {
    // Reaches this machine, and is none of the names that mean it.
    const smtpUrl = smtp.url.replace('//127.0.0.1', `//robot:${PASSWORD}@0.0.0.0`);
    const message = { language: 'en', title: 'x', intro: [], sections: [], outro: [] } as const;
    await expect(sendEmail({ smtpUrl, from: 'a@example.com', to: ['b@example.com'] }, message)).rejects.toThrow(
      'STARTTLS',
    );
    expect(smtp.heard.join()).not.toContain('AUTH');
    expect(smtp.mails).toEqual([]);
  } finally {
    await smtp.close();
  }
});
