import { describe, expect, test } from 'vitest';
import { pmsync } from '../../reports/command.ts';
import { plainText } from '../../reports/plain-text.ts';
import { renderHtml, reportFragment } from '../../reports/render-html.ts';
import { renderJson } from '../../reports/render-json.ts';
import { renderMarkdown } from '../../reports/render-markdown.ts';
import { tellReport } from '../../reports/tell-report.ts';
import { LANGUAGES } from '../../words/dictionary.ts';
import { counted } from '../../words/plural.ts';
import { sampleCause, sampleProblem, sampleReport } from '../support/sample-report.ts';

const HOSTILE =
  '<script>alert(1)</script> | `x` **b** [a](javascript:alert(1))\n\n# big & "q" https://evil.test www.evil.test';

describe('a number and its word', () => {
  const forms = { one: 'бронь', few: 'брони', many: 'броней' };
  test.each([
    [0, '0 броней'],
    [1, '1 бронь'],
    [2, '2 брони'],
    [5, '5 броней'],
    [11, '11 броней'],
    [12, '12 броней'],
    [21, '21 бронь'],
    [22, '22 брони'],
    [111, '111 броней'],
    [1001, '1\u00a0001 бронь'],
  ])('%i agree in Russian', (n, text) => {
    expect(counted('ru', n, forms)).toBe(text);
  });

  test('agree in English', () => {
    const words = { one: 'booking', other: 'bookings' };
    expect([0, 1, 2, 1500].map((n) => counted('en', n, words))).toEqual([
      '0 bookings',
      '1 booking',
      '2 bookings',
      '1,500 bookings',
    ]);
  });
});

describe('a command of a report', () => {
  test('is what an operator would type', () => {
    const options = { source: 'rentprog', refetch: true } as const;
    expect(pmsync('requeue', ['bookings', '450490', '2026-10-05/x'], options)).toBe(
      './pmsync requeue bookings 450490 2026-10-05/x --source rentprog --refetch',
    );
  });

  test('keeps whatever a vendor calls a record one word of the shell, and no option', () => {
    expect(pmsync('explain', ['clients', "$(id) 'x'; y"], {})).toBe(`./pmsync explain clients '$(id) '\\''x'\\''; y'`);
    expect(pmsync('requeue', ['bookings', '--failed'], { source: 's' })).toBe(
      './pmsync requeue --source s -- bookings --failed',
    );
    expect(pmsync('explain', ['clients', ''], {})).toBe("./pmsync explain clients ''");
  });
});

describe("a vendor's text", () => {
  test.each([
    ['one\r\ntwo\u0000three', 'one two three'],
    ['left\u202eright', 'left right'],
    ['mail ivan@example.test now', 'mail [e-mail] now'],
    ['call +995 (555) 12-34-56 now', 'call [phone] now'],
    ['client 900101, 2026-11-21, 4503600000123', 'client 900101, 2026-11-21, 4503600000123'],
    ['x'.repeat(600), `${'x'.repeat(500)}…`],
  ])('%j becomes one harmless line', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});

describe('an error report', () => {
  const hostile = sampleReport({
    problems: [sampleProblem({ message: HOSTILE, external_id: HOSTILE, number: HOSTILE })],
    causes: [
      sampleCause({
        name: HOSTILE,
        message: HOSTILE,
        records: [{ entity: 'bookings', external_id: HOSTILE }],
        scenarios: [{ code: 'silent_account', verdict: 'possible', evidence: { code: 'silent', names: [HOSTILE] } }],
        actions: [{ code: 'ask_for_parent', command: pmsync('explain', ['clients', HOSTILE], {}) }],
      }),
    ],
  });

  test('in Markdown keeps its tables and makes no markup of a text that tries to be some', () => {
    for (const language of LANGUAGES) {
      const text = renderMarkdown([hostile], language);
      const rows = text.split('\n').filter((line) => line.startsWith('|'));
      for (const row of rows) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(7);
      const outsideCode = text.replace(/^ *```sh\n.*\n *```$/gm, '');
      expect(outsideCode).not.toMatch(/<script|(?<!\\)`x|(?<!\\)\]\(|https:\/\/|www\.evil|^# big/m);
      expect(text.match(/^# /gm)).toHaveLength(1);
      expect(outsideCode).toContain('&lt;script&gt;alert(1)&lt;/script&gt; \\| \\`x\\` \\*\\*b\\*\\*');
    }
  });

  test('in HTML escapes every text, and holds no script and no style attribute', () => {
    for (const language of LANGUAGES) {
      const document = renderHtml([hostile], language);
      expect(document).not.toMatch(/<script|<a\b|<img|\son\w+=|\sstyle=/);
      expect(document.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(5);
    }
  });

  test('is a whole document of its own, or a part that a page with a strict policy can take', () => {
    const document = renderHtml([sampleReport(), sampleReport({ account: 'batumi' })], 'ru');
    expect(document).toMatch(/^<!doctype html>\n<html lang="ru">/);
    expect(document).toContain('@media print');
    expect(document.match(/<article /g)).toHaveLength(2);
    const linked = renderHtml([sampleReport()], 'en', { stylesheet: '/report.css' });
    expect(linked).toContain('<link rel="stylesheet" href="/report.css">');
    expect(linked).not.toContain('<style');
    const { html } = reportFragment(sampleReport(), 'en');
    expect(html).toMatch(/^<article class="report" lang="en">\n<h1>Error report: RentProg, tbilisi, 2026-11-21<\/h1>/);
    const ids = [...document.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('tells the cause, the time to the millisecond, the number and how it stands now', () => {
    const english = renderMarkdown([sampleReport()], 'en');
    expect(english).toContain('### 1. client 12345 is gone at RentProg: blocks 1 booking');
    expect(english).toContain(
      '| 2026-11-21 10:00:00.123 | bookings | 450490 | 17 | parent missing | stored without clients/12345: not found at rentprog |',
    );
    expect(english).toContain('| bookings | 450490 | 17 | parent missing | needs a look | 2026-11-21 10:00:00.123 |');
    const nine = sampleReport({ causes: [sampleCause({ problems: 9 })] });
    expect(renderMarkdown([nine], 'ru')).toContain('### 1. клиент 12345: нет в RentProg; затронуто: 9 броней');
    expect(renderMarkdown([nine], 'ru')).toContain('- Записи: bookings 450490 и ещё 8');
  });

  test('of a good day says so, and what was read', () => {
    const counts = { runs: 21, succeeded: 21, partial: 0, failed: 0, running: 0, requests: 2, deleted: 0 };
    const reading = [{ entity: 'bookings', ...counts, fetched: 1001, inserted: 2, updated: 3, unchanged: 996 }];
    const none = { total: 0, problems: [], causes: [], now: { healed: 0, waiting: 0, needs_look: 0, closed: 0 } };
    const text = renderMarkdown([sampleReport({ ...none, reading })], 'ru');
    expect(text).toContain('В этот день проблем не было. Всё прошло.');
    expect(text).toContain('21 прогон, получено 1\u00a0001 запись, записано 5, 2 запроса');
    expect(text).not.toContain('## Дальнейшие шаги');
    const idle = renderMarkdown([sampleReport(none)], 'en');
    expect(idle).toContain('No problems on this day, and nothing was read either.');
  });

  test('ends with what to do: what needs a look first, then what goes on by itself, then the report again', () => {
    const look = sampleCause({ actions: [{ code: 'check', command: './pmsync check --source rentprog' }] });
    const now = { healed: 1, waiting: 2, needs_look: 1, closed: 0 };
    const steps = tellReport(sampleReport({ total: 4, now, causes: [look] }), 'en').next_steps;
    expect(steps).toEqual([
      {
        text: 'Look into it: client 12345 is gone at RentProg: blocks 1 booking.',
        command: './pmsync check --source rentprog',
      },
      { text: '2 problems go on by themselves; nothing has to be done.', command: null },
      {
        text: 'Afterwards make this report again; it shows how the records stand then:',
        command: './pmsync report --source rentprog --account tbilisi --date 2026-11-21',
      },
    ]);
    const done = { healed: 4, waiting: 0, needs_look: 0, closed: 0 };
    expect(tellReport(sampleReport({ total: 4, now: done }), 'ru').next_steps).toEqual([
      { text: 'Всё за этот день прошло. Делать больше нечего.', command: null },
    ]);
  });

  test('in JSON has the facts, and beside them the words', () => {
    const { reports } = JSON.parse(renderJson([sampleReport()], 'ru'));
    expect(reports).toMatchObject([
      {
        title: 'Отчёт об ошибках: RentProg, tbilisi, 2026-11-21',
        total: 1,
        problems: [{ external_id: '450490', now: { status: 'needs_look' } }],
        causes: [{ kind: 'gone_parent', title: 'клиент 12345: нет в RentProg; затронуто: 1 бронь' }],
      },
    ]);
  });
});
