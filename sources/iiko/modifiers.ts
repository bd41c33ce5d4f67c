import { z } from 'zod';
import type { RecordSet } from '../define-source.ts';
import { externalIdOf, flag, idText, ownId } from '../fields.ts';
import { defineMapping } from './define-mapping.ts';
import { decimal, whole } from './fields.ts';

type Fields = Record<string, unknown>;

/**
 * The modifiers of a product, those inside groups too, each as a record of its own: its product, the group modifier
 * it stands in, its place in the list, and what the vendor says of it without the children. An entry without a
 * readable modifier becomes a record without an id, so that it is quarantined and seen. Undefined for a product that
 * says nothing of modifiers (an older server), which is not the same as having none.
 */
export function modifierSet(product: Fields): RecordSet | undefined {
  const productId = externalIdOf(product.id);
  if (productId === undefined || !Array.isArray(product.modifiers)) return undefined;
  const seen = new Map<string, number>();

  function recordsOf(list: readonly unknown[], parentId: string | null): Fields[] {
    return list.flatMap((entry, position) => {
      const { childModifiers, ...own } = isFields(entry) ? entry : {};
      const children: unknown[] = Array.isArray(childModifiers) ? childModifiers : [];
      const modifierId = externalIdOf(own.modifier);
      const isGroup = children.length > 0;
      const record = {
        ...own,
        id: modifierId && keyOf(productId as string, parentId, modifierId),
        product: productId,
        parentModifier: parentId,
        position,
        isGroup,
      };
      return [record, ...(isGroup && modifierId ? recordsOf(children, modifierId) : [])];
    });
  }

  /** The same modifier twice at one place is two rows. */
  function keyOf(...[product, parent, modifier]: [string, string | null, string]): string {
    const key = `${product}.${parent ?? '-'}.${modifier}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? key : `${key}.${times}`;
  }

  return { entity: 'product_modifiers', covers: productId, records: recordsOf(product.modifiers, null) };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * README.md §5.2. `modifier` is a product, or a product group when it has children. A product's modifiers are one
 * set, and the ones it does not have any more go.
 */
export const productModifiers = defineMapping({
  name: 'product_modifiers',
  table: 'product_modifiers',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  place: (record) => externalIdOf(record.product) ?? '',
  references: [
    { column: 'product_id', from: 'product_external_id', entity: 'products', scope: 'account' },
    { column: 'modifier_id', from: 'modifier_product_external_id', entity: 'products', scope: 'account' },
  ],
  schema: z.object({
    id: ownId,
    product: ownId,
    modifier: ownId,
    parentModifier: idText,
    isGroup: flag,
    position: whole,
    defaultAmount: decimal,
    freeOfChargeAmount: decimal,
    minimumAmount: decimal,
    maximumAmount: decimal,
    required: flag,
  }),
  keep: [],
  toRow: (modifier) => ({
    product_external_id: modifier.product,
    modifier_external_id: modifier.modifier,
    // A group is no product: it has no row that the key could point at.
    modifier_product_external_id: modifier.isGroup ? null : modifier.modifier,
    parent_modifier_external_id: modifier.parentModifier,
    is_group: modifier.isGroup ?? false,
    default_amount: modifier.defaultAmount,
    free_of_charge_amount: modifier.freeOfChargeAmount,
    minimum_amount: modifier.minimumAmount,
    maximum_amount: modifier.maximumAmount,
    required: modifier.required ?? false,
    position: modifier.position,
  }),
});
