import { storableText } from '../json.ts';

/** What a field was seen to be, over the records that were looked at. */
export interface SeenField {
  /** `null text number yes/no list object` */
  types: Set<string>;
  /** Objects that have the field at all, null included. */
  present: number;
  nulls: number;
  /** A value, for an example. */
  sample: unknown;
}

/** Fields by path: `client.name`, `modifiers[].modifier`, and `{}` for keys that are ids. */
export type SeenFields = Map<string, SeenField>;

const DEEPEST = 6;
/** An object with more kinds of keys than that is a table of its own. */
const MOST_PATHS = 1000;
const LONGEST_PATH = 400;
const ID_KEY = /^(\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Every field of the records, inner ones too. */
export function observeFields(records: readonly unknown[]): SeenFields {
  const seen: SeenFields = new Map();
  for (const record of records) observe(seen, record, '', 0);
  return seen;
}

function observe(seen: SeenFields, value: unknown, path: string, depth: number): void {
  if (path !== '') note(seen, path, value);
  if (depth >= DEEPEST || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) observe(seen, item, `${path}[]`, depth + 1);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = ID_KEY.test(key) ? '{}' : key;
    observe(seen, inner, path === '' ? name : `${path}.${name}`, depth + 1);
  }
}

function note(seen: SeenFields, name: string, value: unknown): void {
  // It stands in an index, which takes no more than 2,700 bytes.
  const path = storableText(name).slice(0, LONGEST_PATH);
  const known = seen.get(path);
  if (!known && seen.size >= MOST_PATHS) return;
  const field = known ?? { types: new Set<string>(), present: 0, nulls: 0, sample: null };
  field.types.add(typeName(value));
  field.present += 1;
  if (value === null) field.nulls += 1;
  else if (field.sample === null || field.sample === '') field.sample = value;
  seen.set(path, field);
}

export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'yes/no' : typeof value;
}
