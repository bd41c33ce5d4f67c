import { describeError } from './describe-error.ts';
import { isSecretField, isSuspect, REDACTED, redactText } from './redact.ts';

const MAX_DEPTH = 8;

/** A field of a log line as plain data: errors described, class instances (sockets, requests, clients) named only. */
export function plainFields(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return value.href;
  if (depth >= MAX_DEPTH) return '[…]';
  if (Array.isArray(value)) return value.map((each) => plainFields(each, depth + 1));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return `[${value.constructor?.name ?? 'object'}]`;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainFields(each, depth + 1)]));
}

const OWN_FIELDS = new Set(['level', 'time', 'pid']);

/** A finished JSON line of the log with every secret taken out: by the field's name, or found in any text. */
export function redactLine(line: string): string {
  return isSuspect(line) ? `${JSON.stringify(redactFields(JSON.parse(line)))}\n` : line;
}

function redactFields(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactFields);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (OWN_FIELDS.has(key)) return [key, each];
      return [redactText(key), isSecretField(key) && each !== null ? REDACTED : redactFields(each)];
    }),
  );
}
