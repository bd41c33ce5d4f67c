import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { day, externalIdOf, ownId, text, zoned } from '../fields.ts';
import { localTime } from './fields.ts';
import { pagesOf } from './listing.ts';
import { searchById } from './search.ts';

/** README.md §5.2. Clients belong to the whole company: a booking of any branch may point at them. */
export const clients = defineEntity({
  name: 'clients',
  table: 'clients',
  scope: 'source',
  key: (record) => externalIdOf(record.id),
  references: [],
  listing: pagesOf(['/all_clients', '/clients']),
  one: searchById('/search_clients'),
  schema: z.looseObject({
    id: ownId,
    name: text,
    lastname: text,
    middlename: text,
    phone: text,
    email: text,
    lang: text,
    birthday: day,
    address: text,
    dop_info: text,
    category: text,
    passport_series: text,
    passport_number: text,
    passport_issued: text,
    passport_issued_date: day,
    passport_expired_date: day,
    created_at: localTime,
  }),
  keep: [],
  toRow: (client, account) => ({
    first_name: client.name,
    last_name: client.lastname,
    middle_name: client.middlename,
    phone: client.phone,
    email: client.email,
    language: client.lang,
    birthday: client.birthday,
    address: client.address,
    comment: client.dop_info,
    category: client.category,
    is_blacklisted: client.category === null ? null : /^ч[её]рный$/i.test(client.category),
    document_type: client.passport_number ? 'passport' : null,
    document_series: client.passport_series,
    document_number: client.passport_number,
    document_issued_by: client.passport_issued,
    document_issued_at: client.passport_issued_date,
    document_valid_until: client.passport_expired_date,
    source_created_at: zoned(client.created_at, account),
  }),
});
