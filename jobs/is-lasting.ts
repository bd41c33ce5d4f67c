import { databaseFault } from '../db/sql-state.ts';
import { Rejected } from '../sources/errors.ts';

/** Classes of SQLSTATE that the same statement meets again: data, integrity, syntax and access, features, limits, our own raises. */
const LASTING = /^(22|23|42|0A|54|P0)/;

/** Whether trying again later cannot help. A server that is down, full or restarting is no such thing. */
export function isLasting(error: Error): boolean {
  const fault = databaseFault(error);
  if (fault) return LASTING.test(fault.code);
  return [TypeError, RangeError, ReferenceError, SyntaxError, Rejected].some((kind) => error instanceof kind);
}
