import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { externalIdOf, flag, idText, money, ownId, text, zoned } from '../fields.ts';
import { localTime, nested } from './fields.ts';
import { pagesOf } from './listing.ts';
import { searchById } from './search.ts';
import { canonicalStatus } from './status.ts';

/**
 * README.md §5.1. `id` is the key; `number` is a branch's own sequence. A booking can move to another branch, so
 * `company_id` is an attribute. Archived bookings vanish from the list: absence is never deletion.
 */
export const bookings = defineEntity({
  name: 'bookings',
  table: 'bookings',
  scope: 'source',
  key: (record) => externalIdOf(record.id),
  references: [
    { column: 'client_id', from: 'client_external_id', entity: 'clients', scope: 'source' },
    { column: 'car_id', from: 'car_external_id', entity: 'cars', scope: 'source' },
  ],
  nested: (record) => [...nestedRecord('clients', record.client), ...nestedRecord('cars', record.car)],
  listing: pagesOf(['/all_bookings']),
  one: searchById('/search_bookings'),
  schema: z.looseObject({
    id: ownId,
    number: text,
    client_id: idText,
    client: nested,
    car_id: idText,
    car: nested,
    state: text,
    technical: flag,
    repair: flag,
    start_date: localTime,
    end_date: localTime,
    created_at: localTime,
    total: money,
    deposit: money,
    source: text,
    description: text,
  }),
  keep: ['client', 'car', 'technical', 'repair'],
  toRow: (booking, account) => ({
    number: booking.number,
    client_external_id: booking.client_id ?? externalIdOf(booking.client?.id) ?? null,
    car_external_id: booking.car_id ?? externalIdOf(booking.car?.id) ?? null,
    status: canonicalStatus(booking.state, booking.technical === true || booking.repair === true),
    source_status: booking.state,
    check_in: zoned(booking.start_date, account),
    check_out: zoned(booking.end_date, account),
    price: booking.total,
    deposit: booking.deposit,
    currency: account.currency,
    channel: booking.source,
    comment: booking.description,
    source_created_at: zoned(booking.created_at, account),
  }),
});

function nestedRecord(entity: string, value: unknown): { entity: string; record: Record<string, unknown> }[] {
  const record = value as Record<string, unknown> | null | undefined;
  // An object with an id alone says nothing that the booking's own column does not.
  return record && typeof record === 'object' && externalIdOf(record.id) && Object.keys(record).length > 1
    ? [{ entity, record }]
    : [];
}
