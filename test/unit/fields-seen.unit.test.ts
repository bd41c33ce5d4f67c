import { expect, test } from 'vitest';
import { mappedFields } from '../../db/fields/mapped-fields.ts';
import { observeFields } from '../../db/fields/observe-fields.ts';
import { source } from '../../sources/iiko/index.ts';

const seen = (...records: unknown[]) =>
  Object.fromEntries(
    [...observeFields(records)].map(([path, { types, present, nulls }]) => [path, [[...types].sort(), present, nulls]]),
  );

test('fields are counted by path, inside objects and lists too', () => {
  expect(seen({ a: 1, b: { c: null } }, { a: '1', b: { c: 'x' }, d: [{ e: true }, { e: false }] })).toEqual({
    a: [['number', 'text'], 2, 0],
    b: [['object'], 2, 0],
    'b.c': [['null', 'text'], 2, 1],
    d: [['list'], 1, 0],
    'd[]': [['object'], 2, 0],
    'd[].e': [['yes/no'], 2, 0],
  });
});

test('keys that are ids are one field, and what is deep or endless is left alone', () => {
  expect(seen({ '17': { n: 1 }, '00000000-0000-4000-8000-000000000001': { n: 2 } })).toEqual({
    '{}': [['object'], 2, 0],
    '{}.n': [['number'], 2, 0],
  });
  const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`);
  expect(Object.keys(seen(deep))).toHaveLength(6);
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`key${n}`, n]));
  expect(Object.keys(seen(wide))).toHaveLength(1000);
  expect(seen(null, 'text', 5)).toEqual({});
});

test('the columns of a field are found by taking it away', () => {
  const products = source.entities.find(({ name }) => name === 'products')!;
  const account = {
    source: 'iiko',
    name: 'main',
    baseUrl: '',
    timezone: 'UTC',
    currency: 'KZT',
    credentials: {},
    options: {},
  };
  const columns = mappedFields(products, account, [
    {
      id: '00000000-0000-4000-8000-000000000001',
      name: 'Тест',
      parent: '00000000-0000-4000-8000-000000000002',
      deleted: true,
    },
    { name: 'without an id' },
  ]);
  expect(columns.get('name')).toEqual(['name']);
  expect(columns.get('parent')).toEqual(['parent_external_id']);
  expect(columns.get('deleted')).toEqual(['is_deleted']);
  expect(columns.get('id')).toEqual(['external_id']);
  expect(columns.get('num')).toEqual([]);
});
