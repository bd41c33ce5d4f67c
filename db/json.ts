import { hash } from 'node:crypto';

/** What lies deeper than this in a payload that is too deep for us is kept as the text of its JSON. */
const DEEPEST_KEPT = 100;

/**
 * JSON text that PostgreSQL takes as `jsonb`. It refuses U+0000 and lone surrogates, which vendors do send; each becomes
 * U+FFFD, as a decoder would have done. Of what is nested thousands of levels deep the inner part becomes text.
 */
export function jsonText(value: unknown): string {
  const text = textOf(value);
  return text.includes('\\u') && /\\u(?:0000|d[89a-f])/i.test(text) ? textOf(JSON.parse(text), storable) : text;
}

/** A text that PostgreSQL takes. */
export function storableText(text: string): string {
  // Nearly every text is one already.
  if (text.isWellFormed() && !text.includes('\u0000')) return text;
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** Of the JSON text as stored; tells a changed payload from an unchanged one. */
export function payloadHash(text: string | Uint8Array): string {
  return hash('md5', text, 'base64url');
}

const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** UTF-8, for who needs it twice, to hash it and to send it. Encoding takes V8 longer than hashing. */
export function utf8(text: string): Buffer {
  // The bytes of a short text are not counted before they are written.
  if (3 * text.length > scratch.length) return Buffer.from(text);
  return Buffer.from(scratch.subarray(0, scratch.write(text)));
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), inner]));
}

function textOf(value: unknown, replace?: typeof storable): string {
  try {
    return JSON.stringify(value, replace) ?? 'null';
  } catch (error) {
    // The only limit that a payload can meet: V8 takes a stack frame a level, and PostgreSQL does after some 10,000.
    if (!(error instanceof RangeError)) throw error;
    return JSON.stringify(folded(value, 0), replace);
  }
}

function folded(value: unknown, level: number): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (level === DEEPEST_KEPT) return flatText(value);
  if (Array.isArray(value)) return value.map((item) => folded(item, level + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, folded(inner, level + 1)]));
}

/** What `JSON.stringify` makes of plain data, without a stack frame a level. */
function flatText(value: unknown): string {
  const parts: string[] = [];
  const todo: ({ text: string } | { value: unknown })[] = [{ value }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if ('text' in next) parts.push(next.text);
    else if (next.value === null || typeof next.value !== 'object') parts.push(JSON.stringify(next.value) ?? 'null');
    else {
      const isList = Array.isArray(next.value);
      const entries = Object.entries(next.value).filter(([, item]) => isList || item !== undefined);
      const inner = entries.flatMap(([key, item], at) => [
        { text: `${at > 0 ? ',' : ''}${isList ? '' : `${JSON.stringify(key)}:`}` },
        { value: item as unknown },
      ]);
      todo.push({ text: isList ? ']' : '}' }, ...inner.reverse(), { text: isList ? '[' : '{' });
    }
  }
  return parts.join('');
}
