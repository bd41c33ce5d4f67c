import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { deep, oddText, oddValue } from './nasty.ts';
import type { SentAnswer } from './replayed-vendor.ts';

const part = fc.double({ min: 0, max: 1, noNaN: true });
const path = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 5 });

/** What may have become of an answer on its way; described as data, so that a counterexample can be read. */
type Spoiling =
  | { what: 'bytes'; from: number; to: number; by: Uint8Array }
  | { what: 'value'; path: number[]; value: unknown }
  | { what: 'deep'; path: number[]; levels: number }
  | { what: 'name'; path: number[]; name: string }
  | { what: 'whole'; text: string; encoding: 'utf8' | 'utf16le' | 'latin1' }
  | { what: 'status'; status: number; text: string | null }
  | { what: 'nested'; shape: (typeof NESTED)[number]; levels: number }
  | { what: 'header'; name: string; value: string }
  | { what: 'break'; at: number }
  | { what: 'gzip'; cut: boolean };

const LEVELS = fc.constantFrom(10, 5000, 50_000);
const [ITEM, ITEM_END] = ['<corporateItemDtoes><corporateItemDto>', '</corporateItemDto></corporateItemDtoes>'];
/** Before all, at the beginning of each level, at its end, after all. */
const NESTED = [
  ['', '[', ']', ''],
  ['', '{"error":', '}', ''],
  ['', '<a>', '</a>', ''],
  [ITEM, '<a>', '</a>', ITEM_END],
] as const;
const kind = <const W extends string>(what: W) => fc.constant(what);
const STATUSES = [
  200, 201, 204, 206, 301, 304, 400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504, 599,
];
const HEADERS: [string, string][] = [
  ['content-type', 'text/html'],
  ['content-type', 'application/json; charset=utf-7'],
  ['content-encoding', 'gzip'],
  ['content-encoding', 'br'],
  ['content-encoding', 'nonsense'],
  ['retry-after', '99999999999999999999'],
  ['retry-after', '-1'],
  ['location', 'file:///etc/passwd'],
];

export const spoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ what: kind('bytes'), from: part, to: part, by: fc.uint8Array({ maxLength: 8 }) }),
  },
  { weight: 8, arbitrary: fc.record({ what: kind('value'), path, value: oddValue }) },
  { weight: 1, arbitrary: fc.record({ what: kind('deep'), path, levels: LEVELS }) },
  { weight: 2, arbitrary: fc.record({ what: kind('name'), path, name: oddText }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: kind('whole'),
      text: fc.oneof(
        oddText,
        oddValue.map((value) => JSON.stringify(value)),
        fc.constantFrom('[]', '{}', '{"data":0}'),
      ),
      encoding: fc.constantFrom('utf8', 'utf16le', 'latin1'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: kind('status'),
      status: fc.constantFrom(...STATUSES),
      text: fc.option(
        fc.oneof(
          oddText,
          oddValue.map((value) => JSON.stringify({ error: value, message: value })),
        ),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: kind('nested'), shape: fc.constantFrom(...NESTED), levels: LEVELS }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...HEADERS).map(([name, value]) => ({ what: 'header' as const, name, value })),
  },
  { weight: 1, arbitrary: fc.record({ what: kind('break'), at: part }) },
  { weight: 1, arbitrary: fc.record({ what: kind('gzip'), cut: fc.boolean() }) },
);

export function spoiled(answer: SentAnswer, how: Spoiling): SentAnswer {
  const { body } = answer;
  switch (how.what) {
    case 'bytes': {
      const from = Math.floor(how.from * body.length);
      const to = from + Math.floor(how.to * Math.min(20, body.length - from));
      return { ...answer, body: Buffer.concat([body.subarray(0, from), how.by, body.subarray(to)]) };
    }
    case 'value':
      return { ...answer, body: withJson(body, how.path, () => ({ value: how.value })) };
    case 'deep':
      return { ...answer, body: withJson(body, how.path, () => ({ text: deepText(how.levels) })) };
    case 'name':
      return { ...answer, body: withJson(body, how.path, (value) => ({ value: { [how.name]: value } })) };
    case 'whole':
      return { ...answer, body: Buffer.from(how.text, how.encoding) };
    case 'status':
      return { ...answer, status: how.status, body: how.text === null ? body : Buffer.from(how.text) };
    case 'nested':
      return { ...answer, body: Buffer.from(nestedText(how.shape, how.levels)) };
    case 'header':
      return { ...answer, headers: { ...answer.headers, [how.name]: how.value } };
    case 'break':
      return { ...answer, body: body.subarray(0, Math.floor(how.at * body.length)), breaks: true };
    case 'gzip': {
      const packed = gzipSync(body);
      const sent = how.cut ? packed.subarray(0, packed.length - 9) : packed;
      return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: sent };
    }
  }
}

const nestedText = ([before, open, close, after]: (typeof NESTED)[number], levels: number): string =>
  before + open.repeat(levels) + close.repeat(levels) + after;

const PLACE = '"the place of a deep value"';
const deepText = (levels: number) => {
  // As `deep` nests, without the recursion of JSON.stringify.
  if (levels < 1000) return JSON.stringify(deep(levels));
  return `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
};

/** Another value at a place of the JSON, which the path finds by wrapping around; a body that is none stays as it is. */
function withJson(
  body: Buffer,
  steps: readonly number[],
  change: (value: unknown) => { value: unknown } | { text: string },
): Buffer {
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch {
    return body;
  }
  let text: string | undefined;
  const at = (value: unknown, [step, ...rest]: readonly number[]): unknown => {
    const keys = value !== null && typeof value === 'object' ? Object.keys(value) : [];
    if (step === undefined || keys.length === 0) {
      const changed = change(value);
      if ('value' in changed) return changed.value;
      text = changed.text;
      return JSON.parse(PLACE);
    }
    const key = keys[step % keys.length]!;
    const inner = at((value as Record<string, unknown>)[key], rest);
    if (Array.isArray(value)) return value.with(Number(key), inner);
    return { ...(value as object), [key]: inner };
  };
  const changed = JSON.stringify(at(json, steps)) ?? '';
  return Buffer.from(text === undefined ? changed : changed.replace(PLACE, text));
}
