import { booking, day, type ForbiddenWrite, stay, update, write } from './shape.ts';

export const overlaps: readonly ForbiddenWrite[] = [
  write(
    'the same stay twice',
    stay(10, 14),
    'bookings_stay_key',
    booking({ check_in: day(10), check_out: day(14), room_id: '4' }),
  ),
  write('a stay that reaches into the first night', stay(8, 11), 'bookings_stay_excl', stay(8, 10)),
  write('a stay that begins on the last night', stay(13, 16), 'bookings_stay_excl', stay(14, 16)),
  write('a stay inside another', stay(11, 13), 'bookings_stay_excl', stay(14, 15)),
  write('a stay around another', stay(9, 15), 'bookings_stay_excl', stay(14, 20)),
  write('a stay that begins the same day', stay(10, 11), 'bookings_stay_excl', stay(9, 10)),
  write('a stay that ends the same day', stay(13, 14), 'bookings_stay_excl', stay(14, 20)),
  write('a stay from one to the other', stay(13, 21), 'bookings_stay_excl', stay(14, 20)),
  write('a stay a night too long', stay(14, 21), 'bookings_stay_excl', stay(14, 20)),
  write(
    'a stay that is moved onto another',
    update('bookings', `check_in = ${day(21)}, check_out = ${day(25)}`),
    'bookings_stay_excl',
    update('bookings', `check_in = ${day(22)}, check_out = ${day(25)}`),
  ),
  write(
    'a stay that is prolonged into another',
    update('bookings', `check_out = ${day(21)}`),
    'bookings_stay_excl',
    update('bookings', `check_out = ${day(20)}`),
  ),
  write(
    'a stay that is moved to the dates of another',
    update('bookings', `check_in = ${day(20)}, check_out = ${day(22)}`),
    'bookings_stay_key',
    update('bookings', `check_in = ${day(22)}, check_out = ${day(24)}`),
  ),
  write(
    'a stay that is moved to a room that is taken',
    `${booking({ id: '3', check_in: day(12), check_out: day(15), room_id: '4' })}; ${update('bookings', 'room_id = 1', 'id = 3')}`,
    'bookings_stay_excl',
    `${booking({ id: '3', check_in: day(12), check_out: day(15), room_id: '4' })}; ${update('bookings', 'room_id = 3', 'id = 3')}`,
  ),
  write(
    'two stays at once that meet each other',
    `${stay(30, 33)}, (${day(32)}, ${day(34)}, 1)`,
    'bookings_stay_excl',
    `${stay(30, 33)}, (${day(33)}, ${day(34)}, 1)`,
  ),
  write(
    'stays copied from a list that meet',
    `insert into hotel.bookings (check_in, check_out, room_id) select hotel.today() + n, hotel.today() + n + 2, 2 from generate_series(1, 5) n`,
    'bookings_stay_excl',
    `insert into hotel.bookings (check_in, check_out, room_id) select hotel.today() + 2 * n, hotel.today() + 2 * n + 2, 2 from generate_series(1, 5) n`,
  ),
  write(
    'all stays made longer until they meet',
    update('bookings', 'check_out = check_out + 7', 'true'),
    'bookings_stay_excl',
    update('bookings', 'check_out = check_out + 6', 'true'),
  ),
];
