import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { text } from '../fields.ts';
import { readInHouse } from '../in-house.ts';
import { keyOf, ownId, versionOf } from './fields.ts';
import { selectGuests } from './records.ts';

/** Guests. */
export const clients = defineEntity({
  name: 'clients',
  table: 'clients',
  scope: 'account',
  key: keyOf,
  version: versionOf,
  references: [],
  ...readInHouse(selectGuests),
  absence: 'deleted',
  schema: z.object({
    id: ownId,
    last_name: text,
    first_name: text,
    middle_name: text,
    passport_series: text,
    passport_number: text,
    phone: text,
    created_at: text,
    updated_at: text,
  }),
  keep: [],
  toRow: (guest) => ({
    first_name: guest.first_name,
    last_name: guest.last_name,
    middle_name: guest.middle_name,
    phone: guest.phone,
    document_type: 'passport',
    document_series: guest.passport_series,
    document_number: guest.passport_number,
    source_created_at: guest.created_at,
    source_updated_at: guest.updated_at,
  }),
});
