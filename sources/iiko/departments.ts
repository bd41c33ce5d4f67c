import { z } from 'zod';
import { externalIdOf, idText, ownId, text } from '../fields.ts';
import { defineMapping } from './define-mapping.ts';

const item = z.object({ id: ownId, parentId: idText, code: text, name: text, type: text });

/** README.md §5.5. There is no flag for what was removed: it is missing in the list. */
const ofCorporation = {
  scope: 'account',
  key: (record: Record<string, unknown>) => externalIdOf(record.id),
  references: [{ column: 'parent_id', from: 'parent_external_id', entity: 'departments', scope: 'account' }],
  absence: 'deleted',
  schema: item,
  keep: [],
  toRow: ({ name, code, type, parentId }: z.output<typeof item>) => ({
    name,
    code,
    type,
    parent_external_id: parentId,
  }),
} as const;

/** The whole tree of the corporation, its legal persons too, because they are parents; `type` tells them apart. */
export const departments = defineMapping({ name: 'departments', table: 'departments', ...ofCorporation });

/** Stores hang on departments. */
export const stores = defineMapping({ name: 'stores', table: 'stores', ...ofCorporation });
