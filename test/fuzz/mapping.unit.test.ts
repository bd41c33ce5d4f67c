import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapRecord } from '../../db/apply/map-record.ts';
import type { Account } from '../../sources/define-source.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { CANARY, oddText, oddValue } from './support/nasty.ts';
import { runs } from './support/runs.ts';

const account: Account = {
  source: 'any',
  name: 'main',
  baseUrl: 'http://127.0.0.1:1',
  timezone: 'Europe/Berlin',
  currency: 'EUR',
  credentials: {},
  options: {},
};
const entities = [...(await loadSources()).values()].flatMap(({ name: source, entities: all }) =>
  all.map((entity) => ({ source, entity, name: `${source} ${entity.name}` })),
);

describe.each(entities)('a record of $name', ({ source, entity }) => {
  /** Every field that is mapped has something odd in it, or nothing. */
  const fields = Object.keys(entity.schema.shape);
  const record = fc.tuple(
    fc.record(Object.fromEntries(fields.map((field) => [field, oddValue])), { requiredKeys: [] }),
    fc.constantFrom<unknown>('900101', 900101, undefined),
    fc.dictionary(oddText, oddValue, { maxKeys: 2, noNullPrototype: true }),
  );

  test('becomes a row, or problems that name fields, types and rules and quote nothing', () => {
    fc.assert(
      fc.property(record, ([odd, id, more]) => {
        const payload = { ...more, ...odd, ...(id !== undefined && { id }) };
        const externalId = entity.key(payload);
        if (externalId !== undefined) expect(externalId).toMatch(/^[^\p{Cc}\p{Cs}]{1,200}$/u);
        expect(entity.version?.(payload) ?? '').toMatch(/^[\d :-]*$/);
        expect(typeof (entity.place?.(payload) ?? '')).toBe('string');
        for (const set of entity.sets?.(payload) ?? []) expect(Array.isArray(set.records)).toBe(true);
        for (const nested of entity.nested?.(payload) ?? []) expect(typeof nested.record).toBe('object');
        const mapped = mapRecord(source, entity, account, '900101', payload);
        if ('problems' in mapped) {
          expect(mapped.problems.length).toBeGreaterThan(0);
          for (const { field, found, rule } of mapped.problems) {
            expect([...fields, '(record)'].some((name) => field === name || field.startsWith(`${name}.`))).toBe(true);
            expect(found).toMatch(/^(nothing|null|array|string|number|boolean|object)$/);
            expect(rule).not.toBe('');
            expect(rule, 'a rule that nobody has thought of').not.toMatch(/^the mapping failed/);
          }
          expect(JSON.stringify(mapped)).not.toContain(CANARY);
        } else {
          for (const value of Object.values(mapped.row))
            expect(value === null || ['string', 'number', 'boolean'].includes(typeof value)).toBe(true);
        }
      }),
      runs(150),
    );
  });
});
