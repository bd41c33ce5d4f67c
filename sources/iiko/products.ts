import { z } from 'zod';
import { externalIdOf, flag, idText, ownId, text } from '../fields.ts';
import { defineMapping } from './define-mapping.ts';
import { decimal } from './fields.ts';

/**
 * README.md §5.1. `num` and `code` repeat and are no keys. `deleted` is data: the row stays. `parent` is a group,
 * never a product. The card price is the only price that the list has.
 */
export const products = defineMapping({
  name: 'products',
  table: 'products',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  references: [
    { column: 'parent_id', from: 'parent_external_id', entity: 'product_groups', scope: 'account' },
    { column: 'tax_category_id', from: 'tax_category_external_id', entity: 'categories', scope: 'account' },
    { column: 'product_category_id', from: 'product_category_external_id', entity: 'categories', scope: 'account' },
    {
      column: 'accounting_category_id',
      from: 'accounting_category_external_id',
      entity: 'categories',
      scope: 'account',
    },
  ],
  schema: z.object({
    id: ownId,
    name: text,
    deleted: flag,
    description: text,
    num: text,
    code: text,
    parent: idText,
    type: text,
    taxCategory: idText,
    category: idText,
    accountingCategory: idText,
    mainUnit: idText,
    defaultSalePrice: decimal,
  }),
  keep: [],
  toRow: (product) => ({
    name: product.name,
    code: product.code,
    num: product.num,
    description: product.description,
    type: product.type,
    parent_external_id: product.parent,
    tax_category_external_id: product.taxCategory,
    product_category_external_id: product.category,
    accounting_category_external_id: product.accountingCategory,
    main_unit_id: product.mainUnit,
    default_sale_price: product.defaultSalePrice,
    is_deleted: product.deleted ?? false,
  }),
});
