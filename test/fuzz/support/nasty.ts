import fc from 'fast-check';

/** Stands in every text that is made up here: found in a message, it has leaked. */
export const CANARY = 'Канарейкин';

/** Nested so many levels deep. Not part of `oddValue`: fast-check and vitest cannot print it. */
export const deep = (levels: number): unknown => {
  let value: unknown = CANARY;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Texts that programs trip over. PostgreSQL itself reads `infinity`, `now` and `epoch` as times. */
const ODD_TEXTS = [
  '',
  ' ',
  '\u0000',
  `${CANARY}\u0000${CANARY}`,
  `${CANARY}\ud800`,
  '\udfff',
  '\ufeff',
  '\u202e\u2066',
  '\r\n\t',
  'NaN',
  'Infinity',
  '-infinity',
  'now',
  'epoch',
  'null',
  'true',
  '1e400',
  '-1e-400',
  '0x10',
  '１２３',
  '9'.repeat(40),
  '9999999999.999',
  '9999999999.99995',
  '-9999999999.995',
  '2147483648',
  '9223372036854775808',
  CANARY.repeat(500),
  `${CANARY}'; drop table clients; --`,
  `<script>${CANARY}</script>`,
  '&#0;&#xD800;&#99999999;&amp',
  '__proto__',
  '{"a":1}',
];
const DATES = [
  '0000-00-00',
  '0000-00-00 00:00:00',
  '0000-01-01',
  '0001-01-01',
  '0001-01-01 00:00:00',
  '9999-12-31 23:59:59',
  '10000-01-01',
  '-0044-03-15',
  '2025-02-29',
  '2025-13-01',
  '2025-01-01T24:00:00',
  '2025-03-30 02:30:00',
  '2025-10-26 02:30:00',
  '2025-03-30T02:30:00',
  '30-03-2025 2:30',
  '26-10-2025 2:30',
  '31-12-9999 23:59',
  '01-01-0001 0:00',
  '00-00-0000 0:00',
  '29-02-2025 1:30',
  '2025-06-01T00:00:00+99:99',
];
const NUMBERS = [0, -0, -1, 0.1 + 0.2, 1e21, 1.7976931348623157e308, 5e-324, 2 ** 31, 2 ** 53 + 2, 9_999_999_999.999];

/** JSON may hold it, and `String()` of it throws. */
const UNCONVERTIBLE = { toString: CANARY, valueOf: 1, toJSON: {}, length: -1, constructor: null };

export const oddText = fc.oneof(
  fc.constantFrom(...ODD_TEXTS, ...DATES),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `${CANARY}${text}`),
);

/** What JSON can hold, of any kind. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddText },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...NUMBERS) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      [],
      {},
      [[]],
      [null],
      [CANARY],
      { id: CANARY },
      UNCONVERTIBLE,
    ),
  },
  { weight: 1, arbitrary: fc.dictionary(oddText, oddText, { maxKeys: 3, noNullPrototype: true }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
