import { describe, expect, test } from 'vitest';
import { observeFields } from '../../db/fields/observe-fields.ts';
import { Unavailable } from '../../sources/errors.ts';
import { readCorporateItems } from '../../sources/iiko/lists.ts';
import { wordsOf } from '../../sources/litepms/refusal.ts';
import { parseRubyInspect } from '../../sources/rentprog/ruby-inspect.ts';
import { deep } from './support/nasty.ts';

const LEVELS = 50_000;
const nested = (open: string, close: string) => open.repeat(LEVELS) + close.repeat(LEVELS);

describe('what is nested too deeply', () => {
  test('says nothing as a refusal', () => {
    expect(wordsOf({ reason: 'no access', more: deep(LEVELS) })).toBe('no access');
  });

  test('is no list of corporate items', () => {
    const item = `<corporateItemDto><id>1</id>${nested('<a>', '</a>')}</corporateItemDto>`;
    const body = `<corporateItemDtoes>${item}</corporateItemDtoes>`;
    expect(() => readCorporateItems(body, { path: '/corporation/stores', query: [] })).toThrow(Unavailable);
  });

  test('is nothing that Ruby prints', () => {
    for (const text of [nested('[', ']'), nested('{"a"=>', '}'), '['.repeat(LEVELS)])
      expect(() => parseRubyInspect(text)).toThrow(SyntaxError);
  });

  test('is looked into as far as fields have names, and a name is cut to what an index takes', () => {
    const seen = observeFields([{ inner: deep(LEVELS), ['long'.repeat(5000)]: 1, 'odd\u0000': 1, 'odd\uFFFD': 1 }]);
    expect(Math.max(...[...seen.keys()].map((path) => path.length))).toBe(400);
    expect([...seen.keys()].filter((path) => path.startsWith('odd'))).toEqual(['odd\uFFFD']);
  });
});
