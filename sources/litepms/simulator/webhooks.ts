import { createRandom } from './random.ts';
import type { Settings } from './settings.ts';
import type { Json, RawBooking } from './types.ts';

const TIMEOUT_MS = 10_000;

export type Webhooks = ReturnType<typeof createWebhooks>;

/** Posts events as section 7 of the API notes has them: forms, unsigned, now and then twice, in no particular order. */
export function createWebhooks(settings: Settings) {
  const counts = { sent: 0, failed: 0 };
  const underway = new Set<Promise<void>>();
  const random = createRandom(settings.seed + 5);

  async function post(url: string, body: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      await response.arrayBuffer();
      if (response.ok) counts.sent++;
      else counts.failed++;
    } catch {
      counts.failed++;
    }
  }

  function send(hotel: string, fields: Record<string, string>): void {
    const url = settings.webhookUrl?.(hotel);
    if (!url) return;
    const sending: Promise<void> = post(url, new URLSearchParams(fields).toString()).finally(() =>
      underway.delete(sending),
    );
    underway.add(sending);
  }

  return {
    counts,
    send,
    ofBooking(hotel: string, type: string, booking: RawBooking): void {
      const fields = webhookFields(type, booking);
      send(hotel, fields);
      if (random() < settings.faults.webhookRepeats) send(hotel, fields);
    },
    async settled(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

const COPIED = [
  ...['date', 'last_update', 'date_in', 'date_out', 'room_name', 'person', 'person_add', 'price', 'stayprice'],
  ...['status_id', 'comment', 'client_id', 'client_name', 'client_surname', 'client_phone', 'client_email'],
];

/** The naming trap: `booking_id` is the internal id here. */
function webhookFields(type: string, booking: RawBooking): Record<string, string> {
  const text = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value));
  return {
    type,
    booking_id: booking.id,
    user_booking_id: booking.booking_id,
    ...Object.fromEntries(COPIED.map((field) => [field, text(booking[field])])),
    'utm_data[utm_source]': 'test',
  };
}
