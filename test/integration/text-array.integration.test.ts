import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { utf8 } from '../../db/json.ts';
import { textArray } from '../../db/text-array.ts';
import { openLandingBench } from '../support/landing.ts';

const SEED = 21;

test('PostgreSQL reads a binary array as the texts that went into it', async () => {
  const bench = await openLandingBench();
  const text = fc.string({ unit: 'binary', maxLength: 40 }).map((each) => each.toWellFormed().replaceAll('\u0000', ''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(text), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (values, asBytes) => {
        const sent = asBytes ? values.map((value) => (value === null ? null : utf8(value))) : values;
        const { rows } = await sql<{ read: unknown }>`select ${textArray(sent)}::text[] as read`.execute(bench.db);
        expect(rows[0]!.read).toEqual(values);
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
  await bench.close();
});
