import { z } from 'zod';
import { externalIdOf, flag, idText, ownId, text } from '../fields.ts';
import { defineMapping } from './define-mapping.ts';

/** README.md §5.3. A tree: a group's parent may stand behind it in the list. */
export const productGroups = defineMapping({
  name: 'product_groups',
  table: 'product_groups',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  references: [{ column: 'parent_id', from: 'parent_external_id', entity: 'product_groups', scope: 'account' }],
  schema: z.object({ id: ownId, name: text, code: text, num: text, parent: idText, deleted: flag }),
  keep: [],
  toRow: (group) => ({
    name: group.name,
    code: group.code,
    num: group.num,
    parent_external_id: group.parent,
    is_deleted: group.deleted ?? false,
  }),
});
