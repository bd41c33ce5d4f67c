import { parse, v5 as uuidv5 } from 'uuid';

/** Names one record of one source. `scope` is where its external id is unique: `WHOLE_SOURCE`, or an account's name. */
export interface RecordKey {
  source: string;
  scope: string;
  entity: string;
  externalId: string;
}

export const WHOLE_SOURCE = '*';

/** Fixed for ever: every stored id hangs on it. */
const NAMESPACE = parse('8f6d0c3e-5f0b-5a7e-9c55-0f6b7a3f2d11');
const UNIT_SEPARATOR = '\u001f';

/**
 * The row id of a record: computed, never looked up, so that a booking knows its client's id before the client is here.
 * The entity is part of it: client 900101 and booking 900101 can never be taken for each other.
 */
export function recordId({ source, scope, entity, externalId }: RecordKey): string {
  // As bytes: from texts the library makes them in a slower way, each time.
  return uuidv5(Buffer.from([source, scope, entity, externalId].join(UNIT_SEPARATOR)), NAMESPACE);
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
