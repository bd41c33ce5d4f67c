/** What PostgreSQL says of an error, found on the error itself or along `cause`. The text is never matched. */
export interface DatabaseFault {
  code: string;
  constraint?: string;
  column?: string;
  table?: string;
  message: string;
}

export function databaseFault(error: unknown): DatabaseFault | undefined {
  for (let e = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth += 1) {
    const { code, constraint, column, table } = e as Error & Partial<DatabaseFault>;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
      return {
        code,
        message: e.message,
        ...(constraint && { constraint }),
        ...(column && { column }),
        ...(table && { table }),
      };
    }
  }
  return undefined;
}

export function sqlState(error: unknown): string | undefined {
  return databaseFault(error)?.code;
}

export const FOREIGN_KEY_VIOLATION = '23503';

/** The value is at fault, not the server: class 22 (data), 23 (integrity), 54 (a limit), P0 (a trigger of the user's own refuses it). */
export function isDataFault(fault: DatabaseFault): boolean {
  return /^(22|23|54|P0)/.test(fault.code);
}
