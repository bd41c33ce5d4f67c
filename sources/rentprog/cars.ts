import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { externalIdOf, flag, ownId, text } from '../fields.ts';
import { rowsOf } from './listing.ts';
import { carById } from './search.ts';

/** README.md §5.3. `number` is the plate: it changes and may repeat, so it is no key. */
export const cars = defineEntity({
  name: 'cars',
  table: 'cars',
  scope: 'source',
  key: (record) => externalIdOf(record.id),
  references: [],
  listing: {
    rateClass: 'read',
    first: () => ['all'],
    fetch: async ({ http }) => ({ records: rowsOf(await http.getJson('/all_cars_full'), '/all_cars_full'), next: [] }),
  },
  one: carById,
  schema: z.object({
    id: ownId,
    car_name: text,
    code: text,
    number: text,
    vin: text,
    car_class: text,
    active: flag,
  }),
  keep: ['code'],
  toRow: (car) => ({
    name: car.car_name ?? car.code,
    category: car.car_class,
    is_active: car.active,
    plate: car.number,
    vin: car.vin,
  }),
});
