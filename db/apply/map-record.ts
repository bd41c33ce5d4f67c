import type { Account, EntityDefinition, Row } from '../../sources/define-source.ts';
import { type RecordKey, recordId, scopeOf } from '../record-key.ts';

/** Why a record cannot be applied as it is; `found` is the type of what came, never the value (it may be personal data). */
export interface Problem {
  field: string;
  found: string;
  rule: string;
}

export interface ParentRef {
  column: string;
  id: string;
  key: RecordKey;
}

/** A row of the entity's table, with the columns that every mirrored table has. */
export interface MappedRow extends Record<string, unknown> {
  id: string;
  account: string;
  external_id: string;
}

export type Mapped = { row: MappedRow; parents: ParentRef[] } | { problems: Problem[] };

/** Payload → row of the entity's table, with ids and foreign keys computed. */
export function mapRecord(
  source: string,
  entity: EntityDefinition,
  account: Account | undefined,
  externalId: string,
  payload: unknown,
): Mapped {
  if (!account) {
    const rule = 'its account is not in the settings any more; put it back and re-queue the record';
    return { problems: [{ field: '(account)', found: 'nothing', rule }] };
  }
  const columns = columnsOf(entity, account, payload);
  if (Array.isArray(columns)) return { problems: columns };
  const key: RecordKey = { source, scope: scopeOf(entity, account.name), entity: entity.name, externalId };
  const parents: ParentRef[] = [];
  const foreignKeys: Row = {};
  for (const reference of entity.references) {
    const parentExternalId = columns[reference.from];
    if (typeof parentExternalId !== 'string') {
      foreignKeys[reference.column] = null;
      continue;
    }
    const parent: RecordKey = {
      source,
      scope: scopeOf(reference, account.name),
      entity: reference.entity,
      externalId: parentExternalId,
    };
    const id = recordId(parent);
    foreignKeys[reference.column] = id;
    parents.push({ column: reference.column, id, key: parent });
  }
  return {
    row: {
      id: recordId(key),
      source,
      account: account.name,
      external_id: externalId,
      deleted_at: null,
      ...columns,
      ...foreignKeys,
    },
    parents,
  };
}

function columnsOf(entity: EntityDefinition, account: Account, payload: unknown): Row | Problem[] {
  try {
    const parsed = entity.schema.safeParse(payload);
    if (parsed.success) return entity.toRow(parsed.data, account);
    return parsed.error.issues.map((issue) => ({
      field: issue.path.join('.') || '(record)',
      found: typeName(valueAt(payload, issue.path)),
      rule: issue.message,
    }));
  } catch (error) {
    // A mapping that fails on one record must not take the others along.
    const rule = `the mapping failed: ${(error as Error).name}`;
    return [{ field: '(record)', found: typeName(payload), rule }];
  }
}

/** Payload fields that have a column and are not kept in `additional_info` as well. */
export function fieldsWithColumn(entity: EntityDefinition): string[] {
  return Object.keys(entity.schema.shape).filter((field) => !entity.keep.includes(field));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value;
  for (const step of path) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

function typeName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
