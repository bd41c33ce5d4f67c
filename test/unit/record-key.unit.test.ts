import fc from 'fast-check';
import { v5 as uuidv5 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { parseWaitName, type RecordKey, recordId, scopeOf, waitName } from '../../db/record-key.ts';
import { idPart } from '../../jobs/define-job.ts';
import { externalIdOf } from '../../sources/fields.ts';

const SEED = 31;
const word = fc.stringMatching(/^[a-z][a-z_-]{0,15}$/);
const externalId = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((id) => externalIdOf(id) === id);
const key: fc.Arbitrary<RecordKey> = fc.record({
  source: word,
  scope: fc.oneof(word, fc.constant('*')),
  entity: word,
  externalId,
});

describe('the id of a row', () => {
  test('is the same for ever', () => {
    const booking = { source: 'rentprog', scope: '*', entity: 'bookings', externalId: '900101' };
    expect(recordId(booking)).toBe(recordId({ ...booking }));
    expect(recordId(booking)).toMatchInlineSnapshot(`"758ffa2a-11fb-50d2-8044-ee3049531de2"`);
    expect(recordId({ ...booking, entity: 'clients' })).toMatchInlineSnapshot(`"68702d66-07c1-556d-9850-6fffff6f565f"`);
  });

  test('is a name-based UUID of version 5', () => {
    fc.assert(
      fc.property(key, (one) => {
        const name = [one.source, one.scope, one.entity, one.externalId].join('\u001f');
        expect(recordId(one)).toBe(uuidv5(name, '8f6d0c3e-5f0b-5a7e-9c55-0f6b7a3f2d11'));
      }),
      { seed: SEED },
    );
  });

  test('differs whenever anything of the key differs', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        const same = JSON.stringify(Object.values(one)) === JSON.stringify(Object.values(other));
        expect(recordId(one) === recordId(other)).toBe(same);
      }),
      { seed: SEED },
    );
  });

  test('does not hang on where one part ends and the next begins', () => {
    fc.assert(
      fc.property(key, ({ source, scope, entity, externalId: id }) => {
        const [first, ...rest] = id;
        const moved = { source, scope, entity: `${entity}${first}`, externalId: rest.join('') };
        expect(recordId(moved)).not.toBe(recordId({ source, scope, entity, externalId: id }));
      }),
      { seed: SEED },
    );
  });
});

test('the name of a missing parent is read back as it was, whatever its id holds', () => {
  fc.assert(
    fc.property(word, externalId, (entity, id) => {
      expect(parseWaitName(waitName({ entity, externalId: id }))).toEqual({ entity, externalId: id });
    }),
    { seed: SEED },
  );
});

test('a part of a job id has no character that the queue splits at, and no two ids share one', () => {
  fc.assert(
    fc.property(externalId, externalId, (one, other) => {
      expect(idPart(one)).toMatch(/^[^:.]+$/);
      expect(idPart(one) === idPart(other)).toBe(one === other);
    }),
    { seed: SEED },
  );
});

test('a record of one account has that account for its scope', () => {
  expect(scopeOf({ scope: 'source' }, 'tbilisi')).toBe('*');
  expect(scopeOf({ scope: 'account' }, 'tbilisi')).toBe('tbilisi');
});
