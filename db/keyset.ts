/**
 * Where a list goes on, as a token for an address: the sort values of the last row shown, as texts. A time must be
 * PostgreSQL's own text: a Date has no microseconds, and rows would be shown twice.
 */
export function cursorOf(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** What the sort values of a cursor look like. */
export const SORT = {
  time: /^-?\d{1,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d){0,2}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  number: /^\d{1,18}$/,
  hash: /^[0-9a-f]{32}$/,
} as const;

/** Undefined for what is no cursor of these values: the list then begins at its beginning. */
export function parseCursor(cursor: string | undefined, sort: readonly RegExp[]): string[] | undefined {
  if (!cursor) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(values) || values.length !== sort.length) return undefined;
    return sort.every((shape, i) => typeof values[i] === 'string' && shape.test(values[i])) ? values : undefined;
  } catch {
    return undefined;
  }
}
