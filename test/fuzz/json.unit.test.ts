import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText } from '../../db/json.ts';
import { exactJson } from '../../sources/exact-json.ts';
import { CANARY, deep, oddText, oddValue } from './support/nasty.ts';
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

describe('the JSON that is stored', () => {
  /** What no text in PostgreSQL can hold; see docs/threat-model.md. */
  const plain = (text: string) => text.toWellFormed().replaceAll('\u0000', '\uFFFD');

  test('is what came, but for U+0000 and halves of characters', () => {
    fc.assert(
      fc.property(oddValue, oddText, (value, text) => {
        const sent = { value, [text]: text, list: [text, value] };
        const kept = JSON.parse(jsonText(sent)) as Record<string, unknown>;
        expect(kept[plain(text)]).toBe(plain(text));
        expect(jsonText(kept)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        if (plain(JSON.stringify(sent)) === JSON.stringify(sent) && !/\\u(0000|d)/i.test(JSON.stringify(sent)))
          expect(kept).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
      runs(500),
    );
  });

  test.each([30, 4000, 6000, 100_000])('loses nothing of what is nested %i levels deep', (levels) => {
    const sent = { id: 7, odd: 'a\u0000', inner: deep(levels), after: [1] };
    const kept = JSON.parse(jsonText(sent)) as { inner: unknown };
    expect(kept).toMatchObject({ id: 7, odd: 'a\uFFFD', after: [1] });
    let [at, level]: [unknown, number] = [kept.inner, 0];
    while (at !== CANARY) {
      if (typeof at === 'string') at = JSON.parse(at);
      else [at, level] = [Array.isArray(at) ? at[0] : (at as { a: unknown }).a, level + 1];
    }
    expect(level).toBe(levels);
  });
});
