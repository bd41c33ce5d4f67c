import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDecimals, decimalOf, negateDecimal, subtractDecimal } from '../../sources/decimals.ts';
import type { Account } from '../../sources/define-source.ts';
import { Unavailable } from '../../sources/errors.ts';
import { parseExactJson } from '../../sources/exact-json.ts';
import { decimal, localTime, whole, zonedAt } from '../../sources/iiko/fields.ts';

const SEED = 77;
const scaled = fc.record({ digits: fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), scale: fc.nat(12) });
const textOf = ({ digits, scale }: { digits: bigint; scale: number }): string => `${digits}e-${scale}`;

describe('decimals', () => {
  test.each([
    ['1.50', '1.5'],
    [1.5, '1.5'],
    ['-0.000', '0'],
    ['0E-9', '0'],
    ['1.5E+2', '150'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    [5.7e-14, '0.000000000000057'],
    ['007', '7'],
    ['.5', undefined],
    ['1,5', undefined],
    ['', undefined],
    ['NaN', undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [null, undefined],
    [true, undefined],
  ])('%j is %j', (value, expected) => {
    expect(decimalOf(value)).toBe(expected);
  });

  test('are added, taken off and negated to the last digit', () => {
    expect(addDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(addDecimals([])).toBe('0');
    expect(subtractDecimal('375.75', '350')).toBe('25.75');
    expect(negateDecimal('0')).toBe('0');
    expect(() => addDecimals(['a'])).toThrow(TypeError);
  });

  test('any sum, whatever its order, is what whole numbers come to', () => {
    fc.assert(
      fc.property(fc.array(scaled, { maxLength: 20 }), (numbers) => {
        const most = 10n ** 12n;
        const expected = numbers.reduce((all, { digits, scale }) => all + (digits * most) / 10n ** BigInt(scale), 0n);
        const sum = addDecimals(numbers.map(textOf));
        expect(addDecimals([...numbers].reverse().map(textOf))).toBe(sum);
        expect(sum).toBe(decimalOf(`${expected}e-12`));
      }),
      { seed: SEED },
    );
  });
});

describe('exact JSON', () => {
  test('keeps numbers that a float would change as text, and leaves the others', () => {
    const text = '{"a":116.66666666666666667,"b":116.5,"c":[12345678901234567890,1.10],"d":"1.10","e":null,"f":true}';
    expect(parseExactJson(text, 'x')).toEqual({
      a: '116.66666666666666667',
      b: 116.5,
      c: ['12345678901234567890', 1.1],
      d: '1.10',
      e: null,
      f: true,
    });
  });

  test('reads a number in one way, whatever stands beside it', () => {
    const alone = parseExactJson('[1.10]', 'x') as unknown[];
    expect(parseExactJson('[1.10,1.123456789012345678]', 'x')).toEqual([...alone, '1.123456789012345678']);
  });

  test.each(['', ' ', '{"data":[{"DishName":"Суп', '<html>'])('is not %j, which is not quoted', (text) => {
    const parse = () => parseExactJson(text, 'POST /x');
    expect(parse).toThrow(Unavailable);
    expect(parse).toThrow(/^POST \/x: answered (nothing|broken JSON) where JSON was due$/);
  });
});

describe('fields', () => {
  test('amounts take numbers and texts of any precision, and refuse what numeric(14,4) cannot hold', () => {
    expect(decimal.parse('116.66666666666666667')).toBe('116.66666666666666667');
    expect(decimal.parse(-0.5)).toBe('-0.5');
    expect(decimal.parse(undefined)).toBeNull();
    expect(decimal.safeParse('12345678901').error?.issues[0]?.message).toBe('expected a number below 10^10');
    expect(decimal.safeParse('много').success).toBe(false);
    expect(whole.parse('4')).toBe(4);
    expect(whole.parse('4.0')).toBe(4);
    expect(whole.safeParse('4.5').success).toBe(false);
  });

  test.each([
    ['2025-03-18T11:36:48', '2025-03-18 11:36:48'],
    ['2025-03-18T19:19:12.99', '2025-03-18 19:19:12.99'],
    [' 2025-03-18T19:19:12.123 ', '2025-03-18 19:19:12.123'],
    ['', null],
    [null, null],
  ])('reads the local time %j as %j', (raw, expected) => {
    expect(localTime.parse(raw)).toBe(expected);
  });

  test.each([
    '2025-02-30T10:00:00',
    '2025-03-18T24:00:00',
    '18.03.2025 10:00',
    '2025-03-18',
    '2025-03-18T10:00:00Z',
  ])('refuses the time %j', (raw) => {
    expect(localTime.safeParse(raw).success).toBe(false);
  });

  test('a time stands in the zone of its department, else in the account’s', () => {
    const account = {
      timezone: 'Asia/Almaty',
      options: { departmentTimezones: 'AAAA=Asia/Aqtau, bbbb=Asia/Oral' },
    } as unknown as Account;
    expect(zonedAt('2025-03-18 10:00:00', 'aaaa', account)).toBe('2025-03-18 10:00:00 Asia/Aqtau');
    expect(zonedAt('2025-03-18 10:00:00', 'bbbb', account)).toBe('2025-03-18 10:00:00 Asia/Oral');
    expect(zonedAt('2025-03-18 10:00:00', 'cccc', account)).toBe('2025-03-18 10:00:00 Asia/Almaty');
    expect(zonedAt(null, 'cccc', account)).toBeNull();
  });
});
