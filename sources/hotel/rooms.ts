import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { readInHouse } from '../in-house.ts';
import { decimal, id, keyOf, moment, versionOf } from './fields.ts';
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
    id,
    area: z.int(),
    price_per_night: decimal,
    class: z.string(),
    created_at: moment,
    updated_at: moment,
  }),
  keep: [],
  toRow: (room) => ({
    name: String(room.id),
    category: room.class,
    is_active: true,
    area: room.area,
    price: room.price_per_night,
    source_created_at: room.created_at,
    source_updated_at: room.updated_at,
  }),
});
