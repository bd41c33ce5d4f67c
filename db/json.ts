import { hash } from 'node:crypto';

/**
 * JSON text that PostgreSQL takes as `jsonb`. It refuses U+0000 and lone surrogates, which vendors do send; each becomes
 * U+FFFD, as a decoder would have done.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('\\u') && /\\u(?:0000|d[89a-f])/i.test(text) ? JSON.stringify(value, storable) : text;
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), inner]));
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** Of the JSON text as stored; tells a changed payload from an unchanged one. */
export function payloadHash(text: string): string {
  return hash('md5', text, 'base64url');
}
