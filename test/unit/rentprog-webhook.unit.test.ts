import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidRecord } from '../../sources/errors.ts';
import { parseRubyInspect } from '../../sources/rentprog/ruby-inspect.ts';
import { inspectRuby } from '../../sources/rentprog/simulator/ruby-inspect.ts';
import { readWebhook } from '../../sources/rentprog/webhook.ts';

const read = (event: unknown, contentType = 'application/json') =>
  readWebhook({ body: typeof event === 'string' ? event : JSON.stringify(event), contentType });

describe('what Ruby prints', () => {
  test.each<[string, unknown]>([
    ['{}', {}],
    ['[ ]', []],
    ['nil', null],
    [
      '{"id"=>900101, "state"=>["Новая", "Активная"], "user_id"=>nil}',
      { id: 900101, state: ['Новая', 'Активная'], user_id: null },
    ],
    ['{"id" => 900101, "a" => true}', { id: 900101, a: true }],
    ['{:id=>1, active?: false, name: "vanilla 10:00 nil"}', { id: 1, 'active?': false, name: 'vanilla 10:00 nil' }],
    ['{"id": 1, "b": {"c"=>[[]]}}', { id: 1, b: { c: [[]] } }],
    ['[487.0, 1.0e+05, 0.105e3, -3, 1_000]', [487, 100000, 105, -3, 1000]],
    ['"a \\"b\\" \\\\ \\n\\t\\e\\#{x} \\u0416 \\u{416 1F600} \\x41"', 'a "b" \\ \n\t\u001b#{x} Ж Ж😀 A'],
    [
      '{"at"=>Mon, 03 Nov 2025 19:00:00.000000000 +04 +04:00, "id"=>7}',
      { at: 'Mon, 03 Nov 2025 19:00:00.000000000 +04 +04:00', id: 7 },
    ],
    [
      '{"on"=>2025-11-03, "at"=>2025-11-03 19:00:00 +0400, "id"=>7}',
      { on: '2025-11-03', at: '2025-11-03 19:00:00 +0400', id: 7 },
    ],
    [
      '{"state"=>:new, "sum"=>#<BigDecimal:7f,0.1e1>, :"odd key"=>1}',
      { state: 'new', sum: '#<BigDecimal:7f,0.1e1>', 'odd key': 1 },
    ],
    ['{"__proto__"=>{"id"=>1}}', JSON.parse('{"__proto__": {"id": 1}}')],
  ])('is read: %s', (text, value) => {
    expect(JSON.parse(JSON.stringify(parseRubyInspect(text)))).toEqual(value);
  });

  test.each([
    '',
    '{',
    '{"id"=>}',
    '{"id" 1}',
    '{"id"=>1 "b"=>2}',
    '{"id"=>1}}',
    '["a]',
    'nilly',
    'system("rm")',
    '`id`',
    '['.repeat(100_000),
    `${'{"a"=>'.repeat(60)}1${'}'.repeat(60)}`,
  ])('is refused when it is something else: %.40s', (text) => {
    expect(() => parseRubyInspect(text)).toThrow(SyntaxError);
  });

  test('comes back as it was printed, whatever it holds', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('-0'));
    fc.assert(
      fc.property(json, (value) => {
        const back = JSON.parse(JSON.stringify(parseRubyInspect(inspectRuby(value as never))));
        expect(back).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('is refused or read, and never hangs, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]"\\=>:,#<a1e+-. n') }), (text) => {
        try {
          parseRubyInspect(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

describe('a webhook of RentProg', () => {
  const booking = { type: 'booking_update', records: [{ entity: 'bookings', externalId: '900101' }] };

  test('is a hint at the record, in each form of the payload', () => {
    const pairs = '{"end_date"=>["13-11-2025 10:00", "14-11-2025 9:00"], "id"=>900101, "user_id"=>501}';
    for (const payload of [pairs, '{"id":900101}', { id: 900101 }, { id: '900101' }]) {
      expect(read({ event: 'booking_update', payload }), JSON.stringify(payload)).toEqual(booking);
    }
  });

  test('names the entity of each of the nine events', () => {
    for (const [kind, entity] of [
      ['car', 'cars'],
      ['client', 'clients'],
      ['booking', 'bookings'],
    ]) {
      for (const what of ['create', 'update', 'destroy']) {
        const type = `${kind}_${what}`;
        expect(read({ event: type, payload: '{"id"=>5}' })).toEqual({ type, records: [{ entity, externalId: '5' }] });
      }
    }
  });

  test('still names the record when the payload cannot be read but shows its id', () => {
    const payload = '{"comment"=>"a \\"b" c"=>, "id"=>900101, "client_id"=>[1, 2}';
    expect(read({ event: 'booking_update', payload })).toEqual(booking);
  });

  test('does not take the id of something else for that of the record', () => {
    expect(() => read({ event: 'booking_update', payload: '{"client_id"=>5, "car_id": 6, ' })).toThrow(InvalidRecord);
    expect(() => read({ event: 'booking_update', payload: '{"client"=>{"id"=>5}}' })).toThrow(InvalidRecord);
  });

  test('that tells of something we do not mirror concerns no record', () => {
    expect(read({ event: 'payment_create', payload: { id: 1 } })).toEqual({ type: 'payment_create', records: [] });
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"event":5}',
    '{"event":""}',
    'event=booking_update',
    '<xml/>',
    '{"event":"booking_update"',
  ])('is refused when it is %s', (body) => {
    expect(() => read(body)).toThrow(InvalidRecord);
  });

  test.each([
    undefined,
    null,
    5,
    [],
    {},
    { id: 0 },
    { id: [1] },
    '',
    'garbage',
    '{"id"=>nil}',
  ])('is refused when its payload %j has no id', (payload) => {
    expect(() => read({ event: 'booking_update', payload })).toThrow(InvalidRecord);
  });
});
