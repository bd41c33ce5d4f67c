const TEXT_OID = 25;
const HEADER_BYTES = 20;

/**
 * A `text[]` parameter in PostgreSQL's binary form (array_recv): dimensions, whether it has nulls, the element type, length
 * and lower bound, then each element after its length, -1 for null. As text every quote and backslash of a payload would
 * be escaped here and looked for there, which costs twice as much as reading the JSON. Bytes are texts in UTF-8 already.
 */
export function textArray(values: readonly (string | Uint8Array | null)[]): Buffer {
  const buffer = Buffer.allocUnsafe(values.reduce((sum, value) => sum + 4 + mostBytes(value), HEADER_BYTES));
  let hasNulls = 0;
  let at = HEADER_BYTES;
  for (const value of values) {
    const size = value === null ? 0 : put(buffer, value, at + 4);
    if (value === null) hasNulls = 1;
    buffer.writeInt32BE(value === null ? -1 : size, at);
    at += 4 + size;
  }
  for (const [i, word] of [1, hasNulls, TEXT_OID, values.length, 1].entries()) buffer.writeInt32BE(word, 4 * i);
  return buffer.subarray(0, at);
}

/** Cheaper than to count the bytes first: UTF-8 takes three for a code unit at most. */
function mostBytes(value: string | Uint8Array | null): number {
  if (value === null) return 0;
  return typeof value === 'string' ? 3 * value.length : value.length;
}

function put(buffer: Buffer, value: string | Uint8Array, at: number): number {
  if (typeof value === 'string') return buffer.write(value, at);
  buffer.set(value, at);
  return value.length;
}
