import { afterEach, describe, expect, test } from 'vitest';
import { createHome, type PmsyncHome } from '../support/pmsync-process.ts';

const SECRETS = ['the-token-of-tbilisi', 'the-hook-of-tbilisi', 'the-password-of-the-console'];

const BROKEN = `sources:
  rentprog:
    baseUrl: rentprog.net
    schedule: { clients: 5s, bookings: often }
    limits: { read: many }
    accounts:
      tbilisi: { companyToken: "${SECRETS[0]}", timezone: Asia/Tiflis, currency: GEL, webhookSecret: "${SECRETS[1]}" }
      batumi: { companyToken: "\${NO_SUCH_TOKEN}", timezone: Asia/Tbilisi, currency: LARI }
  litepmss: { accounts: {} }
fanOut: { perRecordLimit: -1 }
`;

/** Line of the file, and what the message about it must name. */
const PROBLEMS = [
  [3, 'baseUrl'],
  [4, 'schedule.clients'],
  [4, 'schedule.bookings'],
  [5, 'limits.read'],
  [7, 'tbilisi.timezone'],
  [8, 'NO_SUCH_TOKEN'],
  [8, 'batumi.currency'],
  [9, 'litepmss'],
  [10, 'fanOut.perRecordLimit'],
] as const;

describe('the pmsync command', () => {
  let home: PmsyncHome;
  afterEach(() => home.remove());

  test('answers unknown commands, options, values and names with exit code 2 and a hint', async () => {
    home = createHome();
    const [command, option, value, surplus, none] = await Promise.all([
      home.run(['synk']),
      home.run(['sync', '--everything']),
      home.run(['demo', '--records', 'many']),
      home.run(['status', 'rentprog']),
      home.run([]),
    ]);
    expect([command, option, value, surplus, none].map((ended) => ended.code)).toEqual([2, 2, 2, 2, 2]);
    expect(command.stderr).toMatch(/unknown command 'synk'.*\n.*sync/);
    expect(option.stderr).toContain("unknown option '--everything'");
    expect(value.stderr).toContain("'many' is invalid");
    expect(surplus.stderr).toContain('too many arguments');
    expect(none.stderr).toContain('Usage: pmsync');
  });

  test('answers a broken settings file with exit code 2, every problem with its line, and no secret', async () => {
    home = createHome({ env: { CONSOLE_PASSWORD: SECRETS[2], PORT: 'http' } });
    home.writeSettings(BROKEN);
    const environment = await home.run(['status']);
    expect(environment).toMatchObject({ code: 2, stderr: expect.stringContaining('PORT') });

    const { code, stdout, stderr } = await home.run(['start'], { PORT: '0' });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const lines = stderr.split('\n');
    const told = ([line, name]: (typeof PROBLEMS)[number]) =>
      lines.some((text) => text.startsWith(`pmsync.yaml:${line} `) && text.includes(name));
    expect(
      PROBLEMS.filter((problem) => !told(problem)),
      stderr,
    ).toEqual([]);
    expect(SECRETS.filter((secret) => `${stderr}${environment.stderr}`.includes(secret))).toEqual([]);
    expect(home.processes()).toEqual([]);
  });

  test('says what to do where there is no settings file', async () => {
    home = createHome();
    expect(await home.run(['sync', '--wait'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no settings file.*pmsync\.example\.yaml.*demo/s),
    });
  });

  test('explains every command with --help', async () => {
    home = createHome();
    const { code, stdout } = await home.run(['--help']);
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?= )/gm)].map(([, name]) => name ?? '');
    expect(commands).toEqual(
      expect.arrayContaining(['demo', 'start', 'migrate', 'sync', 'status', 'check', 'requeue', 'explain', 'db']),
    );
    const helps = await Promise.all([...commands, 'db url'].map((name) => home.run([...name.split(' '), '--help'])));
    for (const help of helps) expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const help of helps) expect(help.stdout).toMatch(/^Usage: pmsync/);
  });
});
