import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactJson } from '../../sources/exact-json.ts';
import { bytesOf, readAnswer } from '../../sources/record-bytes.ts';
import { oddText } from './support/nasty.ts';
import { runs } from './support/runs.ts';

const record = fc.dictionary(oddText, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });
const page = fc.oneof(
  fc.array(record, { maxLength: 4 }),
  fc.record({ data: fc.array(record, { maxLength: 4 }), total: fc.nat() }),
  fc.record({
    '2': fc.array(fc.oneof(record, fc.integer(), fc.array(record, { maxLength: 4 }))),
    '1': fc.array(record, { maxLength: 4 }),
  }),
  fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 4 }),
  record,
);
const read = (text: string) => readAnswer(Buffer.from(text));
const attempt = (parse: () => unknown) => {
  try {
    return parse();
  } catch (error) {
    return (error as Error).name;
  }
};

function objectsIn(value: unknown): object[] {
  if (value === null || typeof value !== 'object') return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

describe('an answer read from its bytes', () => {
  test('is what its text says, and a record that keeps its bytes is what they say', () => {
    fc.assert(
      fc.property(page, fc.constantFrom(undefined, 1), (sent, indent) => {
        const text = JSON.stringify(sent, null, indent);
        const answer = read(text);
        expect(answer).toEqual(exactJson(text));
        for (const one of objectsIn(answer)) {
          const bytes = bytesOf(one);
          if (bytes) expect(JSON.stringify(one)).toBe(JSON.stringify(JSON.parse(Buffer.from(bytes).toString())));
        }
      }),
      runs(300),
    );
  });

  test('is refused wherever its text is', () => {
    const spoiled = fc.tuple(
      page,
      fc.nat(),
      fc.constantFrom('', '{', '}', '[', ']', '"', '\\', ',', ':', '0', '\u0000', ' '),
    );
    fc.assert(
      fc.property(spoiled, fc.nat(3), ([sent, at, sign], cut) => {
        const whole = JSON.stringify(sent);
        const place = at % (whole.length + 1);
        // A character that is cut in two does not get through.
        const text = (whole.slice(0, place) + sign + whole.slice(place + cut)).toWellFormed();
        expect(attempt(() => read(text))).toEqual(attempt(() => exactJson(text)));
      }),
      runs(400),
    );
  });

  test('gives the records of a compact list their own bytes', () => {
    const text = '{"data":[{"id":1,"name":"Анна \\"А\\" {[,"},{"id":2,"in":[{"deep":[1]}]},3],"meta":{"id":4}}';
    const { data, meta } = read(text) as { data: [object, object, number]; meta: object };
    expect([...data, meta].map((one) => bytesOf(one)?.toString())).toEqual([
      '{"id":1,"name":"Анна \\"А\\" {[,"}',
      '{"id":2,"in":[{"deep":[1]}]}',
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['white space', '[{"id": 1}]'],
    ['an escaped character', '[{"id":1,"name":"\\u0410"}]'],
    ['a number that a float changes', '[{"id":9007199254740993}]'],
    ['an exponent', '[{"id":1e400}]'],
    ['a list that is too deep', `[{"id":${'['.repeat(200)}1${']'.repeat(200)}}]`],
  ])('has to be written anew for %s', (_, text) => {
    const [one] = read(text) as [object];
    expect(one).toEqual((exactJson(text) as [object])[0]);
    expect(bytesOf(one)).toBeUndefined();
  });

  test('is read as text where it is no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('[{"name":"'), Buffer.from([0xff]), Buffer.from('"}]')]);
    const [one] = readAnswer(bytes) as [object];
    expect(one).toEqual({ name: '\uFFFD' });
    expect(bytesOf(one)).toBeUndefined();
    expect(readAnswer(Buffer.from('\uFEFF[{"id":1}]'))).toEqual([{ id: 1 }]);
  });
});
