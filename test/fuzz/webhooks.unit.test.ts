import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidRecord } from '../../sources/errors.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { parseRubyInspect } from '../../sources/rentprog/ruby-inspect.ts';
import { inspectRuby } from '../../sources/rentprog/simulator/ruby-inspect.ts';
import type { Json } from '../../sources/rentprog/simulator/types.ts';
import { CANARY, oddText, oddValue } from './support/nasty.ts';
import { runs } from './support/runs.ts';

const hooked = [...(await loadSources()).values()].filter((source) => source.webhook);
const EVENTS = ['client_create', 'booking_update', 'car_destroy', 'new_booking', 'delete_booking', 'booking_module'];

/** Texts in the three ways that vendors write, and anything else. */
const event = fc.oneof(fc.constantFrom(...EVENTS), oddText);
const id = fc.oneof(fc.constantFrom<unknown>('900101', 900101), oddValue);
const json = fc.record({
  event,
  payload: fc.oneof(
    oddValue,
    fc.record({ id }),
    fc.record({ id }).map((value) => inspectRuby(value as Json)),
  ),
});
const form = fc
  .dictionary(fc.constantFrom('type', 'booking_id', 'user_booking_id', 'x'), fc.oneof(event, oddText))
  .map((fields) => new URLSearchParams(fields).toString());
const body = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  form,
  oddText,
  oddValue.map((value) => JSON.stringify(value)),
  fc.tuple(fc.nat(60), json).map(([cut, value]) => JSON.stringify(value).slice(cut)),
);

describe.each(hooked)('a webhook of $name', (source) => {
  test('names records, or is refused in words that quote nothing of it', () => {
    fc.assert(
      fc.property(body, fc.constantFrom('', 'application/json', 'text/html'), (text, contentType) => {
        try {
          const { type, records } = source.webhook!({ body: text, contentType });
          // It stands in the log.
          expect(type).toMatch(/^[\w.-]{1,64}$/);
          expect(type).not.toContain(CANARY);
          for (const { entity, externalId } of records) {
            expect(source.entities.map(({ name }) => name)).toContain(entity);
            expect(externalId).toMatch(/^[^\p{Cc}\p{Cs}]{1,200}$/u);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRecord);
          expect((error as Error).message).not.toContain(CANARY);
        }
      }),
      runs(500),
    );
  });
});

describe('what Ruby prints', () => {
  test('is read back, whatever texts are in it', () => {
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 12 }),
          fc.integer(),
          fc.boolean(),
          fc.constantFrom(null, 'nil', '=>', '"', '\\', '10:00', '#{x}'),
        ),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ maxLength: 6 }), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (sent) => {
        expect(JSON.stringify(parseRubyInspect(inspectRuby(sent as Json)))).toBe(JSON.stringify(sent));
      }),
      runs(300),
    );
  });

  test('spoiled in any way is read, or refused by a SyntaxError that quotes nothing, and at once', () => {
    const spoiled = fc
      .tuple(
        oddValue,
        fc.nat(),
        fc.nat(5),
        fc.oneof(oddText, fc.constantFrom('{', '}', '=>', '"', '\\', '#<', ', ', '1_')),
      )
      .map(([value, at, cut, by]) => {
        const text = inspectRuby({ a: value as Json, [CANARY]: CANARY });
        const from = at % text.length;
        return text.slice(0, from) + by + text.slice(from + cut);
      });
    fc.assert(
      fc.property(spoiled, (text) => {
        try {
          parseRubyInspect(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect((error as Error).message).not.toContain(CANARY);
        }
      }),
      runs(300),
    );
  });

  test.each([
    ['backslashes', `"${'\\'.repeat(250_000)}`],
    ['quotes', '"'.repeat(250_000)],
    ['words', `{${'a'.repeat(250_000)}`],
    ['things', '#<'.repeat(125_000)],
    ['keys that are hashes', '{{1=>1}=>1}'],
    ['dates', `${'Mon, 01 Jan 2026 '.repeat(15_000)}x`],
  ])('of nothing but %s takes no time', (_, text) => {
    const startedAt = performance.now();
    try {
      parseRubyInspect(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError);
    }
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
