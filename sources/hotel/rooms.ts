import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { money, text } from '../fields.ts';
import { readInHouse } from '../in-house.ts';
import { keyOf, ownId, versionOf, wholeNumber } from './fields.ts';
import { selectRooms } from './records.ts';

export const rooms = defineEntity({
  name: 'rooms',
  table: 'rooms',
  scope: 'account',
  key: keyOf,
  version: versionOf,
  references: [],
  ...readInHouse(selectRooms),
  absence: 'deleted',
  schema: z.object({
    id: ownId,
    area: wholeNumber,
    price_per_night: money,
    class: text,
    created_at: text,
    updated_at: text,
  }),
  keep: [],
  toRow: (room) => ({
    name: String(room.id),
    category: room.class,
    is_active: true,
    area: room.area ?? null,
    price: room.price_per_night,
    source_created_at: room.created_at,
    source_updated_at: room.updated_at,
  }),
});
