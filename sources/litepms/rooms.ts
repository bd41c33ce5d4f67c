import { z } from 'zod';
import { defineEntity, type FetchContext } from '../define-source.ts';
import { externalIdOf, flag, money, ownId, text, wholeNumber } from '../fields.ts';
import { call, idOf, rowsOf } from './api.ts';
import { measure } from './fields.ts';
import { absentWhenGone } from './one.ts';

/**
 * README.md §6.3. A room names its category by id only, so each answer takes two requests and the category is laid into
 * the room as `category`. Option fields are serialised by PHP and kept as they come.
 */
export const rooms = defineEntity({
  name: 'rooms',
  table: 'rooms',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  references: [],
  listing: {
    rateClass: 'read',
    first: () => ['all'],
    fetch: async (context) => ({ records: await readRooms(context), next: [] }),
  },
  one: {
    rateClass: 'read',
    fetch: (context, externalId) =>
      absentWhenGone(async () => {
        const found = await readRooms(context, externalId);
        const record = found.find((room) => idOf(room) === externalId);
        return record ? { record } : { absent: 'not found' };
      }),
  },
  absence: 'deleted',
  schema: z.object({
    id: ownId,
    name: text,
    number: text,
    category: z.object({ name: text }).nullish().catch(null),
    active: flag,
    area: measure,
    person: wholeNumber,
    person_add: wholeNumber,
    price: money,
  }),
  keep: ['number', 'category', 'area', 'person', 'person_add'],
  toRow: (room) => ({
    name: room.name ?? room.number,
    category: room.category?.name ?? null,
    is_active: room.active,
    area: room.area,
    // As many as can sleep there: a booking's guests and extra guests must fit in.
    capacity: room.person === null ? null : room.person + (room.person_add ?? 0),
    price: room.price,
  }),
});

async function readRooms(context: FetchContext, externalId?: string): Promise<unknown[]> {
  const answer = externalId
    ? await call(context, 'getRooms', { room_id: externalId }, { record: /room|номер|комнат/i })
    : await call(context, 'getRooms');
  const rows = rowsOf(answer, 'getRooms');
  if (rows.length === 0) return [];
  const categories = rowsOf(await call(context, 'getCategories'), 'getCategories');
  const byId = new Map(categories.map((category) => [idOf(category), category]));
  return rows.map((room) =>
    isFields(room) ? { ...room, category: byId.get(externalIdOf(room.cat_id)) ?? null } : room,
  );
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
