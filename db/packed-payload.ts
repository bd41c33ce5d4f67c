import { jsonText, payloadHash, utf8 } from './json.ts';

/**
 * A payload as it is stored: JSON text in UTF-8, and its hash. While a page waits for its vendor or for PostgreSQL it is kept
 * like this: as objects, the records of all pages under way would be moved about by V8 again and again, which costs more than
 * parsing once more those that are new.
 */
export interface PackedPayload {
  json: Uint8Array;
  hash: string;
}

/** `bytes`: the payload's JSON text, where it came as such and PostgreSQL takes it. */
export function packPayload(payload: unknown, bytes?: Uint8Array): PackedPayload {
  const json = bytes ?? utf8(jsonText(payload));
  return { json, hash: payloadHash(json) };
}

export function unpackPayload(json: Uint8Array): unknown {
  return JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString());
}
