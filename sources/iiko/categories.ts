import { z } from 'zod';
import { externalIdOf, field, flag, ownId, refuse, text } from '../fields.ts';
import { defineMapping } from './define-mapping.ts';
import { percent } from './fields.ts';

/** Root types that we read, and our word for each. */
export const CATEGORY_KINDS: Readonly<Record<string, string>> = {
  TaxCategory: 'tax',
  ProductCategory: 'product',
  AccountingCategory: 'accounting',
};

const kind = field((rootType) => {
  if (typeof rootType !== 'string') refuse('expected a root type');
  if (Object.hasOwn(CATEGORY_KINDS, rootType)) return CATEGORY_KINDS[rootType] as string;
  refuse(`expected one of ${Object.keys(CATEGORY_KINDS).join(', ')}`);
});

/** README.md §5.4. One list for the three kinds; ids are unique across them. */
export const categories = defineMapping({
  name: 'categories',
  table: 'categories',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  references: [],
  schema: z.object({ id: ownId, rootType: kind, name: text, code: text, deleted: flag, vatPercent: percent }),
  keep: [],
  toRow: (category) => ({
    kind: category.rootType,
    name: category.name,
    code: category.code,
    vat_percent: category.vatPercent,
    is_deleted: category.deleted ?? false,
  }),
});
