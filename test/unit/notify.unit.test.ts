import { describe, expect, test } from 'vitest';
import { recoveredMessage, redMessage } from '../../notify/alert-message.ts';
import { digestMessage } from '../../notify/digest-message.ts';
import type { AccountFacts, AlertAccount } from '../../notify/facts.ts';
import { htmlMail, plainText, telegramText } from '../../notify/render.ts';

const en = { language: 'en', timezone: 'Asia/Tbilisi' } as const;
const ru = { language: 'ru', timezone: 'Asia/Tbilisi' } as const;
const tbilisi: AlertAccount = {
  source: 'rentprog',
  account: 'tbilisi',
  light: 'red',
  redSince: '2026-11-20T22:05:00.000Z',
  entities: [{ entity: 'bookings', light: 'red', reasons: ['late: last read 3 h ago', '2 quarantined'] }],
};
const alertOf = (...accounts: AlertAccount[]) => ({ at: '2026-11-21T08:10:00.000Z', accounts });
const quiet: AccountFacts = {
  source: 'rentprog',
  account: 'batumi',
  light: 'green',
  entities: [],
  rows: 1234,
  runs: { succeeded: 288, partial: 0, failed: 0 },
  openIssues: 0,
  healed: 1,
};
const troubled: AccountFacts = {
  ...quiet,
  account: 'tbilisi',
  light: 'red',
  entities: tbilisi.entities,
  runs: { succeeded: 280, partial: 6, failed: 2 },
  openIssues: 4,
  healed: 7,
};
const digest = { at: '2026-11-21T05:00:00.000Z', since: '2026-11-20T05:00:00.000Z' };

describe('an alert', () => {
  test('says who is red, since when by the clock of the zone, why, and what to do', () => {
    expect(plainText(redMessage(alertOf(tbilisi), en))).toBe(
      [
        'rentprog tbilisi is red',
        '🔴 rentprog tbilisi\n  Red since 2026-11-21 02:05 (Asia/Tbilisi).\n  bookings: late: last read 3 h ago; 2 quarantined',
        './pmsync status --source rentprog --account tbilisi',
      ].join('\n\n'),
    );
    expect(plainText(redMessage(alertOf(tbilisi), ru))).toContain('Красный с 2026-11-21 02:05');
  });

  test('of several accounts counts them on top', () => {
    const text = plainText(redMessage(alertOf(tbilisi, { ...tbilisi, account: 'batumi' }), ru));
    expect(text).toMatch(/^красных аккаунтов: 2\n/);
    expect(text).toMatch(/\n\.\/pmsync status$/);
  });

  test('is taken back with the time it lasted, and with what is still wrong', () => {
    const green = plainText(recoveredMessage(alertOf({ ...tbilisi, light: 'green', entities: [] }), en));
    expect(green).toContain('It was red from 2026-11-21 02:05 (Asia/Tbilisi) to 2026-11-21 12:10');
    expect(green).toContain('Everything is green.');
    const amber = plainText(recoveredMessage(alertOf({ ...tbilisi, light: 'amber' }), ru));
    expect(amber).toContain('больше не красный');
    expect(amber).toMatch(/🟡 rentprog tbilisi\n.*\n {2}bookings: late/);
    expect(amber).not.toContain('Всё зелёное');
  });
});

describe('a digest', () => {
  test('has whoever needs a look first, the rest in one line, and the sums on top', () => {
    expect(plainText(digestMessage({ ...digest, accounts: [quiet, troubled] }, en))).toBe(
      [
        'pmsync 2026-11-21: 1 red, 1 green',
        'Since 2026-11-20 09:00 (Asia/Tbilisi): runs: 576 (not complete: 6, failed: 2); issues healed: 8\nNow: rows: 2,468; open issues: 4',
        '🔴 rentprog tbilisi\n  🔴 bookings: late: last read 3 h ago; 2 quarantined\n  rows: 1,234; runs: 288 (not complete: 6, failed: 2); open issues: 4; healed: 7',
        '🟢 1 green\n  rentprog batumi (1,234)',
        './pmsync status',
      ].join('\n\n'),
    );
  });

  test('is short for a hundred accounts, and fits into one message of Telegram whatever is wrong', () => {
    const many = (account: AccountFacts) =>
      Array.from({ length: 100 }, (_, i) => ({ ...account, account: `branch-${i}` }));
    const calm = plainText(digestMessage({ ...digest, accounts: many(quiet) }, ru));
    expect(calm).toContain('и ещё 70');
    expect(calm.split('\n').length).toBeLessThan(10);
    const wild = telegramText(digestMessage({ ...digest, accounts: many(troubled) }, ru));
    expect(wild.length).toBeLessThanOrEqual(4096);
    expect(wild.endsWith('\n…')).toBe(true);
    expect(wild.match(/<b>/g)).toHaveLength(wild.match(/<\/b>/g)!.length);
  });
});

test('What would be markup is text in a mail and in Telegram', () => {
  const odd = { ...tbilisi, entities: [{ entity: '<b>x</b>', light: 'red' as const, reasons: ['a & "b" <script>'] }] };
  const message = redMessage(alertOf(odd), en);
  expect(htmlMail(message)).toContain('&lt;b&gt;x&lt;/b&gt;: a &amp; &quot;b&quot; &lt;script&gt;');
  expect(telegramText(message)).toContain('&lt;b&gt;x&lt;/b&gt;: a &amp; &quot;b&quot; &lt;script&gt;');
  expect(plainText(message)).toContain('<b>x</b>: a & "b" <script>');
});
