import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idsFileWords } from '../../operations/ids-file-words.ts';
import { parseCsv } from '../../operations/parse-csv.ts';
import { parseIds, parseIdsCsv } from '../../operations/read-ids.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { parseDurationMs } from '../../settings/duration.ts';
import { parseRate } from '../../settings/rate.ts';
import { parseSchedule } from '../../settings/schedule.ts';
import { oddText } from './support/nasty.ts';
import { runs } from './support/runs.ts';

const FIT_FOR_AN_ID = /^[^\p{Cc}\p{Cs}\p{Zs}]{1,200}$/u;
const pieces = fc.oneof(
  oddText,
  fc.constantFrom(',', ';', '\t', '\n', '\r\n', '"', '""', ' ', '\ufeff', 'id', '900101'),
);
const csv = fc.oneof(
  oddText,
  fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
);

/** The answer, or undefined for what was refused as `UsageError`; anything else is a fault. */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.length).toBeLessThan(5000);
    return undefined;
  }
}

describe('a CSV file', () => {
  test('of any text is ids, or a reason with lines', () => {
    fc.assert(
      fc.property(csv, (text) => {
        for (const id of orRefused(() => parseIdsCsv(text, 'clients')) ?? []) expect(id).toMatch(FIT_FOR_AN_ID);
      }),
      runs(500),
    );
  });

  test('written as others write it is read back, whatever its cells hold', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('\r', '').trim());
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'), (cells, separator, end) => {
        const quoted = cells.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(separator));
        const read = parseCsv(quoted.join(end), idsFileWords('en'));
        expect(read.map((row) => row.cells)).toEqual(cells.filter((row) => row.some((text) => text !== '')));
      }),
      runs(300),
    );
  });

  test('of a million cells is read in a moment', () => {
    const startedAt = performance.now();
    const ids = Array.from({ length: 200_000 }, (_, n) => `${900_000 + n};x;"y;z";;`);
    expect(parseIdsCsv(`id;a;b;c;d\n${ids.join('\n')}`, 'clients')).toHaveLength(200_000);
    orRefused(() => parseIdsCsv('"'.repeat(1_000_001), 'clients'));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test('ids that were typed are fit to be ids, or are refused', () => {
  fc.assert(
    fc.property(fc.array(csv, { maxLength: 5 }), (typed) => {
      for (const id of orRefused(() => parseIds(typed)) ?? []) expect(id).toMatch(FIT_FOR_AN_ID);
    }),
    runs(300),
  );
});

test('an interval, a rate and a schedule are numbers above nothing, or none', () => {
  const unit = fc.constantFrom('', 's', 'm', 'h', 'd', '/s', '/min', '/h', ' * * * *', ' 0 * * *');
  const text = fc.oneof(
    oddText,
    fc.tuple(fc.oneof(fc.integer(), fc.double(), oddText), unit).map(([number, of]) => `${number}${of}`),
  );
  fc.assert(
    fc.property(text, (written) => {
      for (const ms of [parseDurationMs(written), parseRate(written)?.perMs, parseRate(written)?.max])
        if (ms !== undefined) expect(ms).toBeGreaterThan(0);
      try {
        const schedule = parseSchedule(written);
        if ('everyMs' in schedule) expect(schedule.everyMs).toBeGreaterThanOrEqual(10_000);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    runs(300),
  );
});
