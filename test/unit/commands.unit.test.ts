import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../cli/describe-failure.ts';
import { languageOf } from '../../cli/language-of.ts';
import { displayWidth, tableLines } from '../../cli/output.ts';
import { maskField } from '../../db/mask-payload.ts';
import { freshnessOf } from '../../health/freshness.ts';
import { differentFields } from '../../operations/ask-source.ts';
import { parseIds, parseIdsCsv } from '../../operations/read-ids.ts';
import { commonWords, span } from '../../words/common.ts';

describe('ids on the command line', () => {
  it('stand between blanks and commas, and count once', () => {
    expect(parseIds(['450490,450491', ' 450490 ', '7; 8'])).toEqual(['450490', '450491', '7', '8']);
  });

  it.each(['0', '№450490', '"12"', '$(rm)', '-5', 'x'.repeat(201)])('are refused when they cannot be one: %s', (id) => {
    expect(() => parseIds([id])).toThrow(/not an external id/);
  });
});

describe('ids from a CSV file', () => {
  it.each([
    ['a bare list', '1\n2\n3\n'],
    ['a list with blank lines and Windows line ends', '1\r\n\r\n2\r\n3\r\n\r\n'],
    ['a byte order mark', '\ufeff1\n2\n3'],
    ['a header', 'external_id\n1\n2\n3'],
    ['a header in another column, with semicolons', 'Имя;External ID;Сумма\nИванов;1;5,00\nПетров;2;6\nСидоров;3;7'],
    ['a header of the entity', 'name,booking_id\na,1\nb,2\nc,3'],
    ['a header nobody knows', 'Бронь,Клиент\n1,a\n2,b\n3,c'],
    ['quotes, with a separator, a quote and a line end inside', 'id,note\n"1","a, ""b""\nc"\n2,\n"3",x'],
    ['tabs', 'id\tname\n1\ta\n2\tb\n3\tc'],
    ['the same id twice', '1\n2\n2\n3\n1'],
  ])('are read from %s', (_, text) => {
    expect(parseIdsCsv(text, 'bookings')).toEqual(['1', '2', '3']);
  });

  it('are refused with the line of each problem', () => {
    expect(() => parseIdsCsv('id;name\n1;a\n;b\n\n"x\ny";c\n№4;d\n5;e', 'bookings')).toThrow(
      'line 3: no id in column 1.\nline 5: "x\ny" is not an external id.\nline 7: "№4" is not an external id.',
    );
  });

  it('are refused when a quote is never closed or there is none', () => {
    expect(() => parseIdsCsv('1\n2\n"3\n4\n', 'bookings')).toThrow('line 3: a quote is opened and never closed.');
    expect(() => parseIdsCsv('\ufeff\n\n', 'bookings')).toThrow('there are no ids in it.');
    expect(() => parseIdsCsv('external_id\n', 'bookings')).toThrow('there are no ids in it.');
  });

  it('names no more than ten lines', () => {
    expect(() => parseIdsCsv(`1\n${'№\n'.repeat(25)}`, 'bookings')).toThrow(/… and 15 more lines\.$/);
    expect(() => parseIdsCsv(`1\n${'№\n'.repeat(12)}`, 'bookings', 'ru')).toThrow(
      /^строка 2: "№" — не внешний id\.(?:.*\n)*… и ещё 2 строки\.$/,
    );
  });
});

describe('a masked payload', () => {
  it.each([
    ['id', 5],
    ['client_id', '900101'],
    ['total', '433.59'],
    ['active', true],
    ['start_date', '13-04-2025 22:00'],
    ['created_at', '2025-04-13T22:00:00.000Z'],
    ['state', 'Ожидает оплаты'],
    ['hotelId', '77'],
    ['roomNumber', '12'],
  ])('shows %s', (field, value) => {
    expect(maskField(field, value).value).toBe(value);
  });

  it.each([
    ['first_name', 'Иван'],
    ['fio', 'Иванов Иван'],
    ['phone', '+79991234567'],
    ['phone', 79991234567],
    ['extra', 79991234567],
    ['email', 'a@b.c'],
    ['passport_number', '123456'],
    ['birthday', '1990-01-01'],
    ['address', 'x'],
    ['description', 'звонить Ивану'],
    ['custom_field_1', 'Иванов'],
    ['state', 'phone +79991234567'],
    ['client', { name: 'Иван' }],
    ['plate', 'AA123BB'],
    ['number', 'AA123BB'],
    ['sex', true],
    ['gender', 'm'],
    ['notes', '12'],
  ])('hides %s', (field, value) => {
    expect(maskField(field, value)).not.toHaveProperty('value');
    expect(JSON.stringify(maskField(field, value))).not.toMatch(/Иван|999|123BB|1990/);
  });
});

describe('freshness', () => {
  const at = (text: string) => new Date(`2026-03-10T${text}:00Z`);
  const now = at('12:00');
  const zone = { now, timezone: 'Asia/Tbilisi' };

  it('is ok within two intervals, late after them, and never without a reading', () => {
    expect(freshnessOf([{ everyMs: 300_000 }], at('11:50'), zone)).toBe('ok');
    expect(freshnessOf([{ everyMs: 300_000 }], at('11:40'), zone)).toBe('late');
    expect(freshnessOf([{ everyMs: 300_000 }], null, zone)).toBe('never');
    expect(freshnessOf([undefined], at('01:00'), zone)).toBe('unscheduled');
  });

  it('measures a cron line in the zone of the account', () => {
    // 03:00 in Tbilisi is 23:00 UTC of the day before.
    const nightly = [{ cron: '0 3 * * *' }];
    expect(freshnessOf(nightly, new Date('2026-03-09T23:04:00Z'), zone)).toBe('ok');
    expect(freshnessOf(nightly, new Date('2026-03-09T22:50:00Z'), zone)).toBe('late');
  });
});

describe('what an operator reads', () => {
  it('is as wide as the terminal draws it', () => {
    expect(displayWidth('Тбилиси')).toBe(7);
    expect(displayWidth('\u001b[31mred\u001b[39m')).toBe(3);
    expect(displayWidth('東京')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
  });

  it('is a table with numbers on the right', () => {
    expect(
      tableLines(
        ['имя', 'n'],
        [
          ['東京', 5],
          ['x', 1234],
          ['y', null],
        ],
      ),
    ).toEqual(['имя      n', '東京     5', 'x     1234', 'y']);
  });

  it('is in the language of the shell unless told otherwise', () => {
    expect(languageOf(undefined, { LANG: 'ru_RU.UTF-8' })).toBe('ru');
    expect(languageOf(undefined, { LANG: 'ru_RU.UTF-8', LC_ALL: 'C' })).toBe('en');
    expect(languageOf('en', { LANG: 'ru_RU.UTF-8' })).toBe('en');
    expect(() => languageOf('de')).toThrow('--lang de');
    expect(span(90_000, commonWords('ru'))).toBe('90 с');
    expect(span(3 * 3_600_000, commonWords('en'))).toBe('3 h');
  });

  it('names the setting when the database refuses, wherever the code stands', () => {
    const refused = Object.assign(new Error('x'), { code: '28P01' });
    expect(describeFailure(new Error('y', { cause: refused }), 'en')).toMatchObject({ exitCode: 2, unexpected: false });
    const silent = new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })]);
    expect(describeFailure(silent, 'en').message).toContain('DATABASE_URL');
  });
});

describe('a record at the source', () => {
  it('is compared field by field, whatever the order of keys', () => {
    const landed = { a: 1, b: { x: 1, y: [1, 2] }, c: null };
    expect(differentFields(landed, { c: null, b: { y: [1, 2], x: 1 }, a: 1 })).toEqual([]);
    expect(differentFields(landed, { a: '1', b: { x: 1, y: [2, 1] }, d: 0 })).toEqual(['a', 'b', 'c', 'd']);
    expect(differentFields(null, { a: 1 })).toBeNull();
  });
});
