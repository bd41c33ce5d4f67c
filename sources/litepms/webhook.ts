import type { WebhookEvent, WebhookRequest } from '../define-source.ts';
import { InvalidRecord } from '../errors.ts';
import { externalIdOf } from '../fields.ts';

const OF_A_BOOKING = new Set([
  'new_booking',
  'edit_booking',
  'delete_booking',
  'booking_module',
  'channel_manager_booking',
]);
/** They may name a booking. */
const PERHAPS = new Set(['booking_module_payment', 'booking_module_request']);
const TYPE = /^[\w.-]{1,60}$/;

/**
 * README.md §7. The naming trap: in a webhook `booking_id` is the internal id, which the API calls `id`; the number that staff
 * sees is `user_booking_id`. A deletion is a hint like any other: `getBooking` has the last word.
 */
export function readWebhook({ body }: WebhookRequest): WebhookEvent {
  const form = new URLSearchParams(body);
  const said = form.get('type')?.trim() ?? '';
  if (said === '') throw new InvalidRecord('the webhook has no field "type"');
  // A word that is none could be anybody's data, and the type is logged.
  const type = TYPE.test(said) ? said : 'unreadable';
  if (!OF_A_BOOKING.has(type) && !PERHAPS.has(type)) return { type, records: [] };
  const externalId = externalIdOf(form.get('booking_id'));
  if (externalId !== undefined) return { type, records: [{ entity: 'bookings', externalId }] };
  if (PERHAPS.has(type)) return { type, records: [] };
  throw new InvalidRecord(`the webhook ${type} has no booking_id`);
}
