/**
 * A payload as an operator may see it: ids, numbers, dates, flags and states as they are, everything else by its type and
 * size only. What is not known to be harmless is masked.
 */
export interface MaskedField {
  field: string;
  type: string;
  /** Absent when it is masked. */
  value?: string | number | boolean;
}

const PERSONAL = new Set(
  `name names fio firstname lastname middlename surname patronymic phone phones tel mobile mail email passport doc docs document
  address addr birth birthday birthdate contact contacts comment comments descr description note notes info person license licence
  issued expired whatsapp telegram viber skype instagram inn snils plate vin gender sex nationality citizenship country city
  password token secret login card iban account`.split(/\s+/),
);
const ID = /^(?:\d{1,20}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const DATE =
  /^(?:\d{4}-\d{2}-\d{2}|\d{2}[-.]\d{2}[-.]\d{4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const AMOUNT = /^-?\d{1,9}(?:[.,]\d{1,4})?$/;
const ID_NAMES = new Set(['id', 'ids', 'uuid', 'number', 'code']);
const STATE_NAMES = new Set(['state', 'status', 'type', 'kind', 'lang', 'language', 'currency', 'mode']);
const AMOUNT_NAMES = new Set(
  'total price sum amount count days hours deposit paid cost rate discount debt guests quantity number rental'.split(
    ' ',
  ),
);
const LONGEST_STATE = 40;
/** A larger number that is no id or amount may be a phone or a document. */
const LARGEST_NUMBER = 1e7;

export function maskPayload(payload: unknown): MaskedField[] {
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload))
    return [maskField('(record)', payload)];
  return Object.entries(payload).map(([field, value]) => maskField(field, value));
}

export function maskField(field: string, value: unknown): MaskedField {
  const words = field
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  const shown = isHarmless(words, value);
  return { field, type: typeOf(value), ...(shown && { value: value as string | number | boolean }) };
}

function isHarmless(words: readonly string[], value: unknown): boolean {
  const named = (names: ReadonlySet<string>) => words.some((word) => names.has(word));
  if (typeof value === 'boolean') return !words.some((word) => word === 'gender' || word === 'sex');
  if (named(PERSONAL)) return false;
  const last = words.at(-1) ?? '';
  if (typeof value === 'number') return Math.abs(value) < LARGEST_NUMBER || ID_NAMES.has(last) || named(AMOUNT_NAMES);
  if (typeof value !== 'string') return false;
  if (ID_NAMES.has(last) && ID.test(value)) return true;
  if (named(STATE_NAMES)) return value.length <= LONGEST_STATE && !/[\d@+]/.test(value);
  return DATE.test(value) || (named(AMOUNT_NAMES) && AMOUNT.test(value));
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return `text, ${[...value].length} characters`;
  if (Array.isArray(value)) return `list, ${value.length} items`;
  if (typeof value === 'object') return `object, ${Object.keys(value).length} fields`;
  return typeof value === 'boolean' ? 'yes/no' : typeof value;
}
