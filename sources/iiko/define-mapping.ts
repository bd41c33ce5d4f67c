import type { z } from 'zod';
import type { Account, EntityDefinition, Row } from '../define-source.ts';

/** An entity without the ways to read it. */
export type Mapping = Omit<EntityDefinition, 'listing' | 'one'>;

export function defineMapping<T extends z.ZodObject>(
  mapping: Omit<Mapping, 'schema' | 'toRow'> & { schema: T; toRow(record: z.output<T>, account: Account): Row },
): Mapping {
  return mapping;
}
