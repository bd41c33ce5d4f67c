import { z } from 'zod';
import { externalIdOf, flag, ownId, text } from '../fields.ts';
import { defineMapping } from './define-mapping.ts';
import { percent } from './fields.ts';

/** Root types that we read, and our word for each. */
export const CATEGORY_KINDS: Readonly<Record<string, string>> = {
  TaxCategory: 'tax',
  ProductCategory: 'product',
  AccountingCategory: 'accounting',
};

const kind = z.string({ error: 'expected a root type' }).transform((rootType, context) => {
  const known = CATEGORY_KINDS[rootType];
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: `expected one of ${Object.keys(CATEGORY_KINDS).join(', ')}` });
  return z.NEVER;
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
