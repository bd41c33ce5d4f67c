import { aRoom, type ForbiddenWrite, insertInto, room, update, without, write } from './shape.ts';

export const rooms: readonly ForbiddenWrite[] = [
  write('a room without a number', insertInto('rooms', without(aRoom, 'id')), '23502 id', room()),
  write('a room number that is taken', room({ id: '1' }), 'rooms_pkey', room({ id: '5' })),
  write('a room number that is no number', room({ id: `'5a'` }), '22P02', room({ id: `'5'` })),
  write('a room without an area', insertInto('rooms', without(aRoom, 'area')), '23502 area', room()),
  write('an area of 0', room({ area: '0' }), 'rooms_area_check', room({ area: '1' })),
  write('an area below 0', room({ area: '-1' }), 'rooms_area_check', room({ area: '2147483647' })),
  write('an area with a fraction', room({ area: `'12.5'` }), '22P02', room({ area: `'12'` })),
  write(
    'a room without a price',
    insertInto('rooms', without(aRoom, 'price_per_night')),
    '23502 price_per_night',
    room(),
  ),
  ...['0', '-0.01', '99999.01', '0.001', '100.005', `'NaN'`, `'Infinity'`].map((price) =>
    write(
      `the price ${price}`,
      room({ price_per_night: price }),
      'rooms_price_per_night_check',
      room({ price_per_night: '99999.00' }),
    ),
  ),
  write('a price in words', room({ price_per_night: `'дорого'` }), '22P02', room({ price_per_night: '0.01' })),
  write('a class that is none', room({ class: `'royal'` }), 'rooms_class_check', room({ class: `'luxury'` })),
  write('a class in capitals', room({ class: `'Standard'` }), 'rooms_class_check', room({ class: `'comfort'` })),
  write('no class', room({ class: 'null' }), '23502 class', room({ class: 'default' })),
  write(
    'a kitchen that is neither there nor not',
    room({ has_kitchen: `'maybe'` }),
    '22P02',
    room({ has_kitchen: 'true' }),
  ),
  write('no word of a kitchen', room({ has_kitchen: 'null' }), '23502 has_kitchen', room({ has_kitchen: 'default' })),
  write('no rooms at all', room({ rooms_count: '0' }), 'rooms_rooms_count_check', room({ rooms_count: '1' })),
  write(
    'a room changed to no price',
    update('rooms', 'price_per_night = null'),
    '23502 price_per_night',
    update('rooms', 'price_per_night = 1'),
  ),
  write(
    'a room changed to 0',
    update('rooms', 'price_per_night = 0'),
    'rooms_price_per_night_check',
    update('rooms', 'price_per_night = 0.01'),
  ),
  write('a room changed to a taken number', update('rooms', 'id = 2'), 'rooms_pkey', update('rooms', 'id = 5')),
  write(
    'all rooms made dearer than allowed',
    update('rooms', 'price_per_night = price_per_night + 0.01', 'true'),
    'rooms_price_per_night_check',
    update('rooms', 'price_per_night = price_per_night - 0.01', 'id <> 4'),
  ),
];
