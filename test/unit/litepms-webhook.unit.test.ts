import { describe, expect, test } from 'vitest';
import { InvalidRecord } from '../../sources/errors.ts';
import { readWebhook } from '../../sources/litepms/webhook.ts';

const posted = (fields: Record<string, string>) =>
  readWebhook({ body: new URLSearchParams(fields).toString(), contentType: 'application/x-www-form-urlencoded' });

describe('a webhook', () => {
  test.each([
    'new_booking',
    'edit_booking',
    'delete_booking',
    'booking_module',
    'channel_manager_booking',
  ])('%s names a booking by its internal id, not by the number that staff sees', (type) => {
    expect(posted({ type, booking_id: '5000001', user_booking_id: '16', client_name: 'Иван' })).toEqual({
      type,
      records: [{ entity: 'bookings', externalId: '5000001' }],
    });
  });

  test('of a payment names its booking where it has one', () => {
    const type = 'booking_module_payment';
    expect(posted({ type, booking_id: '5000001' }).records).toEqual([{ entity: 'bookings', externalId: '5000001' }]);
    expect(posted({ type }).records).toEqual([]);
  });

  test.each(['booking_module_request', 'new_invoice', 'ping'])('%s concerns nothing we mirror', (type) => {
    expect(posted({ type, name: 'Иван', phone: '+7 900 000-00-01' })).toEqual({ type, records: [] });
  });

  test('of a type that is no word does not carry it further', () => {
    expect(posted({ type: 'Иван Тестов +7 900', booking_id: '1' })).toEqual({ type: 'unreadable', records: [] });
    expect(posted({ type: 'x'.repeat(61) }).type).toBe('unreadable');
  });

  test.each([
    ['', /no field "type"/],
    ['{"type":"new_booking","booking_id":1}', /no field "type"/],
    ['booking_id=5000001', /no field "type"/],
    ['type=new_booking', /no booking_id/],
    ['type=edit_booking&booking_id=0&user_booking_id=16', /no booking_id/],
    ['type=delete_booking&booking_id=', /no booking_id/],
  ])('%j cannot be read', (body, why) => {
    const read = () => readWebhook({ body, contentType: 'application/x-www-form-urlencoded' });
    expect(read).toThrow(InvalidRecord);
    expect(read).toThrow(why);
  });
});
