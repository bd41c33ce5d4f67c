import { hash } from 'node:crypto';

/** Names one record of one source. `scope` is where its external id is unique: `WHOLE_SOURCE`, or an account's name. */
export interface RecordKey {
  source: string;
  scope: string;
  entity: string;
  externalId: string;
}

export const WHOLE_SOURCE = '*';

/** Fixed for ever: every stored id hangs on it. */
const NAMESPACE = Buffer.from('8f6d0c3e5f0b5a7e9c550f6b7a3f2d11', 'hex');
const UNIT_SEPARATOR = '\u001f';

/**
 * The row id of a record: computed, never looked up, so that a booking knows its client's id before the client is here.
 * The entity is part of it: client 900101 and booking 900101 can never be taken for each other.
 */
export function recordId({ source, scope, entity, externalId }: RecordKey): string {
  return uuidv5([source, scope, entity, externalId].join(UNIT_SEPARATOR));
}

/** RFC 9562, section 5.5, hashed in one call: each record needs one for itself and one for each parent. */
function uuidv5(name: string): string {
  const bytes = Buffer.allocUnsafe(NAMESPACE.length + Buffer.byteLength(name));
  NAMESPACE.copy(bytes);
  bytes.write(name, NAMESPACE.length);
  const hex = hash('sha1', bytes, 'hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function scopeOf(entity: { scope: 'source' | 'account' }, account: string): string {
  return entity.scope === 'source' ? WHOLE_SOURCE : account;
}

/** How a record names its missing parent in `source_records.waits_for`. */
export function waitName({ entity, externalId }: Pick<RecordKey, 'entity' | 'externalId'>): string {
  return `${entity}/${externalId}`;
}

export function parseWaitName(name: string): { entity: string; externalId: string } {
  const slash = name.indexOf('/');
  return { entity: name.slice(0, slash), externalId: name.slice(slash + 1) };
}
