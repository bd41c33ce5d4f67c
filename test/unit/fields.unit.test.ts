import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, externalIdOf, flag, idText, money, ownId, text, zoned } from '../../sources/fields.ts';
import { localTime } from '../../sources/rentprog/fields.ts';
import { canonicalStatus } from '../../sources/rentprog/status.ts';

const SEED = 77;
const check = (property: Parameters<typeof fc.assert>[0]) => fc.assert(property as never, { seed: SEED });

describe('text', () => {
  test.each([
    ['  Иван ', 'Иван'],
    ['Д&#39;Артаньян &amp; Ко &laquo;Тест&raquo; &mdash;', "Д'Артаньян & Ко «Тест» —"],
    ['a & b', 'a & b'],
    ['&nbsp;', null],
    ['   ', null],
    ['', null],
    [null, null],
    [undefined, null],
    [0, '0'],
    [12.5, '12.5'],
    [false, 'false'],
  ])('reads %j as %j', (raw, expected) => {
    expect(text.parse(raw)).toBe(expected);
  });

  test.each([[{}], [[]], [['Иван']]])('refuses %j without quoting it', (raw) => {
    expect(text.safeParse(raw).error?.issues[0]?.message).toBe('expected text or a number');
  });

  test('never begins or ends with a blank and is never blank', () => {
    check(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        const read = text.parse(raw);
        expect(read === null || (read !== '' && read === read.trim())).toBe(true);
      }),
    );
  });
});

describe('an id', () => {
  test.each([
    [700_201, '700201'],
    [' 700201 ', '700201'],
    ['c6a1-4f', 'c6a1-4f'],
  ])('%j is %j', (raw, expected) => {
    expect(externalIdOf(raw)).toBe(expected);
    expect(idText.parse(raw)).toBe(expected);
    expect(ownId.parse(raw)).toBe(expected);
  });

  test.each([
    [0],
    ['0'],
    [''],
    ['  '],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['x'.repeat(201)],
    [null],
    [undefined],
  ])('%j is none', (raw) => {
    expect(externalIdOf(raw)).toBeUndefined();
  });

  test('that no database can hold is none', () => {
    expect(externalIdOf('12\u00003')).toBeUndefined();
    expect(externalIdOf('a\u001fb')).toBeUndefined();
    expect(externalIdOf('a\ud83d')).toBeUndefined();
    expect(externalIdOf('a😀')).toBe('a😀');
  });

  test('is required of a record itself, and must be a scalar', () => {
    expect(ownId.safeParse(null).error?.issues[0]?.message).toBe('the record has no id');
    expect(idText.safeParse({ a: 1 }).success).toBe(false);
    expect(externalIdOf({ a: 1 })).toBeUndefined();
  });
});

describe('money', () => {
  test.each([
    [320, '320'],
    ['320.50', '320.50'],
    ['1 234,50', '1234.50'],
    ['-12,5', '-12.5'],
    [0, '0'],
    [2 ** -44, '0'],
    ['', null],
    [' ', null],
    [null, null],
    [undefined, null],
  ])('reads %j as %j', (raw, expected) => {
    expect(money.parse(raw)).toBe(expected);
  });

  test.each([['1,234.50'], ['12 GEL'], [1e21], ['99999999999'], [{ sum: 1 }], [true], ['NaN']])('refuses %j', (raw) => {
    expect(money.safeParse(raw).success).toBe(false);
  });

  test('keeps every cent of a decimal text', () => {
    check(
      fc.property(fc.integer({ min: -(10 ** 11), max: 10 ** 11 }), (cents) => {
        const sum = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
        expect(money.parse(sum)).toBe(sum);
      }),
    );
  });
});

describe('a flag', () => {
  test.each([
    [true, true],
    [1, true],
    ['1', true],
    ['true', true],
    [false, false],
    [0, false],
    ['0', false],
    ['false', false],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j is %j', (raw, expected) => {
    expect(flag.parse(raw)).toBe(expected);
  });

  test.each([['maybe'], [2], [{}], [[]]])('%j is refused', (raw) => {
    expect(flag.safeParse(raw).error?.issues[0]?.message).toBe('expected a yes or a no');
  });
});

describe('a day', () => {
  test.each([
    ['1985-10-31', '1985-10-31'],
    [' 1985-10-31T00:00:00+04:00 ', '1985-10-31'],
    ['2024-02-29', '2024-02-29'],
    ['0001-01-01', '0001-01-01'],
    ['0000-00-00', null],
    ['', null],
    [null, null],
  ])('%j is %j', (raw, expected) => {
    expect(day.parse(raw)).toBe(expected);
  });

  test.each([
    ['2025-02-29'],
    ['2025-13-01'],
    ['2025-00-10'],
    ['31.12.2025'],
    ['31-12-2025'],
    ['0000-01-01'],
    [19_851_031],
  ])('%j is refused', (raw) => {
    expect(day.safeParse(raw).success).toBe(false);
  });
});

describe("a time of RentProg's", () => {
  test.each([
    ['10-11-2025 1:30', '2025-11-10 01:30'],
    ['10-11-2025 01:30', '2025-11-10 01:30'],
    ['25-01-2022 19:00', '2022-01-25 19:00'],
    [' 25-01-2022 ', '2022-01-25 00:00'],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j is %j', (raw, expected) => {
    expect(localTime.parse(raw)).toBe(expected);
  });

  test.each([
    ['31-02-2025 1:30'],
    ['13-45-2025 99:99'],
    ['10-11-2025 24:00'],
    ['2025-11-10 01:30'],
    ['10-11-2025 1:3'],
    [1],
  ])('%j is refused', (raw) => {
    expect(localTime.safeParse(raw).success).toBe(false);
  });

  test('never swaps day and month', () => {
    const max = new Date('2099-12-31');
    check(
      fc.property(fc.date({ min: new Date('1970-01-01'), max, noInvalidDate: true }), (date) => {
        const [d, t] = [date.toISOString().slice(0, 10), date.toISOString().slice(11, 16)];
        const [year, month, dayOfMonth] = d.split('-');
        const raw = `${dayOfMonth}-${month}-${year} ${t.replace(/^0/, '')}`;
        expect(localTime.parse(raw)).toBe(`${d} ${t}`);
      }),
    );
  });

  test('goes to the database with the name of its zone', () => {
    const account = { timezone: 'Asia/Tbilisi' } as Parameters<typeof zoned>[1];
    expect(zoned('2025-11-10 01:30', account)).toBe('2025-11-10 01:30 Asia/Tbilisi');
    expect(zoned(null, account)).toBeNull();
  });
});

test.each([
  ['Подтверждена', false, 'confirmed'],
  ['Активная', false, 'checked_in'],
  ['Отъездила', false, 'completed'],
  ['Вернуть залог', false, 'completed'],
  ['Отмена', false, 'cancelled'],
  ['Отказ клиента', false, 'cancelled'],
  ['Нет машин', false, 'cancelled'],
  ['Ожидает оплаты', false, 'pending'],
  ['Что-то новое', false, 'pending'],
  [null, false, 'pending'],
  ['Активная', true, 'blocked'],
])('a booking that is %j and blocks its car: %j has the status %s', (state, blocks, expected) => {
  expect(canonicalStatus(state, blocks)).toBe(expected);
});
