import { plain, type Reply } from './replies.ts';
import type { Fields } from './types.ts';

/** Parameters of a list: of the query, and of the form in a POST; a name may stand there several times. */
export type Parameters = URLSearchParams;

const FILTERS: Record<string, string> = {
  ids: 'id',
  nums: 'num',
  codes: 'code',
  types: 'type',
  categoryIds: 'category',
  parentIds: 'parent',
  rootType: 'rootType',
};

/**
 * The rows that the parameters ask for. Without `includeDeleted` the lists differ: `byDefault` says what this one
 * does.
 */
export function filterRows<T extends Fields>(rows: Iterable<T>, parameters: Parameters, byDefault: boolean): T[] {
  const deletedToo = parameters.has('includeDeleted') ? parameters.get('includeDeleted') === 'true' : byDefault;
  const wanted = Object.entries(FILTERS).flatMap(([parameter, field]) => {
    const values = parameters.getAll(parameter);
    return values.length > 0 ? [{ field, values }] : [];
  });
  return [...rows].filter(
    (row) =>
      (deletedToo || row.deleted !== true) &&
      wanted.every(({ field, values }) => values.includes(String(row[field] ?? ''))),
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function malformedId(parameters: Parameters): Reply | undefined {
  const bad = parameters.getAll('ids').find((id) => !UUID.test(id));
  return bad === undefined ? undefined : plain(`Malformed Product id: '${bad}'`, 400);
}
