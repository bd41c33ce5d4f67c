import type { WebhookEvent, WebhookRequest } from '../define-source.ts';
import { InvalidRecord } from '../errors.ts';
import { externalIdOf } from '../fields.ts';
import { parseRubyInspect } from './ruby-inspect.ts';

const ENTITIES: Record<string, string> = { booking: 'bookings', client: 'clients', car: 'cars' };
const EVENT = /^(car|client|booking)_(?:create|update|destroy)$/;
const WORD = /^[\w.-]{1,60}$/;
/** The id in a payload that cannot be read: the record itself is read again anyway. */
const ID = /(?:"id"|:id|\bid)\s*(?:=>|:)\s*"?(\d{1,20})\b/;

/**
 * README.md §7: `{"event": "<kind>_<what>", "payload": <object, JSON in a string, or what Ruby's inspect prints>}`. Of the
 * payload only the id is taken: updates hold changed fields alone, and events come late, twice and in any order.
 */
export function readWebhook({ body }: WebhookRequest): WebhookEvent {
  const { event, payload } = objectOf(jsonOf(body)) ?? {};
  if (typeof event !== 'string' || event === '')
    throw new InvalidRecord('expected a JSON object with "event" and "payload"');
  const entity = ENTITIES[EVENT.exec(event)?.[1] ?? ''];
  // Any other word could be anybody's data, and the type is logged.
  if (!entity) return { type: WORD.test(event) ? event : 'unreadable', records: [] };
  const externalId = idOf(payload);
  if (externalId === undefined) throw new InvalidRecord(`the payload of ${event} has no id that can be read`);
  return { type: event, records: [{ entity, externalId }] };
}

function idOf(payload: unknown): string | undefined {
  if (typeof payload !== 'string') return externalIdOf(objectOf(payload)?.id);
  const read = objectOf(jsonOf(payload) ?? rubyOf(payload));
  return read ? externalIdOf(read.id) : externalIdOf(ID.exec(payload)?.[1]);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rubyOf(text: string): unknown {
  try {
    return parseRubyInspect(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
