import { isDeepStrictEqual } from 'node:util';
import type { Account, EntityDefinition, Row } from '../../sources/define-source.ts';

const ENOUGH = 50;

/**
 * Which columns hang on which field, by trial: a field is taken out of a record, and the columns that change are its own.
 * Fields without a column stand in `additional_info`.
 */
export function mappedFields(
  entity: EntityDefinition,
  account: Account,
  records: readonly unknown[],
): Map<string, string[]> {
  const fields = Object.keys(entity.schema.shape);
  const columns = new Map<string, Set<string>>(fields.map((field) => [field, new Set()]));
  for (const record of records.slice(0, ENOUGH)) {
    if (record === null || typeof record !== 'object') continue;
    const whole = rowOf(entity, account, record);
    if (!whole) continue;
    for (const [field, known] of columns) {
      const { [field]: _, ...rest } = record as Record<string, unknown>;
      const without = rowOf(entity, account, rest);
      // What cannot be mapped without it is the record's own id.
      if (!without) known.add('external_id');
      else
        for (const [column, value] of Object.entries(whole))
          if (!isDeepStrictEqual(value, without[column])) known.add(column);
    }
  }
  return new Map([...columns].map(([field, known]) => [field, [...known].sort()]));
}

function rowOf({ schema, toRow }: EntityDefinition, account: Account, record: object): Row | undefined {
  const parsed = schema.safeParse(record);
  if (!parsed.success) return undefined;
  try {
    return toRow(parsed.data, account);
  } catch {
    return undefined;
  }
}
