import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { readInHouse } from '../in-house.ts';
import { id, keyOf, moment, versionOf } from './fields.ts';
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
    id,
    last_name: z.string(),
    first_name: z.string(),
    middle_name: z.string().nullable(),
    passport_series: z.string(),
    passport_number: z.string(),
    phone: z.string().nullable(),
    created_at: moment,
    updated_at: moment,
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
