import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactJson } from '../../sources/exact-json.ts';
import { oddText } from './support/nasty.ts';
import { runs } from './support/runs.ts';

describe('JSON that a vendor sends', () => {
  test('is read as ever where floats hold its numbers', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, oddText, (json, text) => {
        const sent = JSON.stringify({ [text]: json, text });
        expect(exactJson(sent)).toEqual(JSON.parse(sent));
      }),
      runs(300),
    );
  });

  test('keeps every digit of a number, wherever it stands and whatever looks like one in a text', () => {
    // Odd, and larger than an odd float can be.
    const long = fc.bigInt({ min: 2n ** 60n, max: 10n ** 30n }).map((n) => n * 2n + 1n);
    fc.assert(
      fc.property(long, oddText, fc.boolean(), (number, text, negative) => {
        const written = `${negative ? '-' : ''}${number}`;
        const quoted = JSON.stringify(`${text} , ${written} ,`);
        const sent = `{"a":[${quoted}, ${written} ],"b":${written},${quoted}:1,"c":${written}.5}`;
        const spoken = JSON.parse(quoted);
        expect(exactJson(sent)).toEqual({ a: [spoken, written], b: written, [spoken]: 1, c: `${written}.5` });
      }),
      runs(300),
    );
  });

  test.each([
    '1e400',
    '-1e400',
    '1e-400',
    '1E+999',
    '0.30000000000000000000004',
    `1${'0'.repeat(500)}1`,
  ])('keeps %j as text', (number) => {
    expect(exactJson(`[${number}]`)).toEqual([number]);
  });

  test('may be nested as deep as it likes', () => {
    const levels = 200_000;
    const sent = `${'['.repeat(levels)}9007199254740993${']'.repeat(levels)}`;
    let value = exactJson(sent);
    for (let level = 0; level < levels; level += 1) value = (value as unknown[])[0];
    expect(value).toBe('9007199254740993');
  });

  test.each([
    '',
    '[1 12345678901234567890]',
    '12345678901234567890x',
    '[012345678901234567890]',
    '[1.1.1.1.1.1.1.1.1.1]',
  ])('is not %j', (text) => {
    expect(() => exactJson(text)).toThrow(SyntaxError);
  });
});
