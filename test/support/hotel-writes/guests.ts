import { aGuest, type ForbiddenWrite, guest, insertInto, text, update, without, write } from './shape.ts';

export const guests: readonly ForbiddenWrite[] = [
  write('a guest number that is taken', guest({ id: '1' }), 'guests_pkey', guest({ id: '3' })),
  write('a guest number that is no number', guest({ id: `'one'` }), '22P02', guest({ id: `'3'` })),
  write('a guest number beyond integers', guest({ id: '2147483648' }), '22003', guest({ id: '2147483647' })),
  ...(['last_name', 'first_name', 'passport_series', 'passport_number'] as const).map((column) =>
    write(`a guest without ${column}`, insertInto('guests', without(aGuest, column)), `23502 ${column}`, guest()),
  ),
  write(
    'a last name of 31 characters',
    guest({ last_name: text(31) }),
    'guests_last_name_check',
    guest({ last_name: text(30) }),
  ),
  write('an empty last name', guest({ last_name: `''` }), 'guests_last_name_check', guest({ last_name: `'Ю'` })),
  write(
    'a last name of blanks',
    guest({ last_name: `E' \\t\\n'` }),
    'guests_last_name_check',
    guest({ last_name: `'де Ла'` }),
  ),
  write(
    'a first name of 21 characters',
    guest({ first_name: text(21) }),
    'guests_first_name_check',
    guest({ first_name: text(20) }),
  ),
  write('an empty first name', guest({ first_name: `''` }), 'guests_first_name_check', guest({ first_name: `'Я'` })),
  write(
    'a middle name of 21 characters',
    guest({ middle_name: text(21) }),
    'guests_middle_name_check',
    guest({ middle_name: text(20) }),
  ),
  ...[`'451'`, `'45100'`, `'451a'`, `'45 1'`, `''`, `E'4510\\n'`, `'٤٥١٠'`].map((series) =>
    write(
      `the passport series ${series}`,
      guest({ passport_series: series }),
      'guests_passport_series_check',
      guest({ passport_series: `'0000'` }),
    ),
  ),
  ...[`'12345'`, `'1234567'`, `'12345x'`, `' 12345'`, `'１２３４５６'`].map((number) =>
    write(
      `the passport number ${number}`,
      guest({ passport_number: number }),
      'guests_passport_number_check',
      guest({ passport_number: `'999999'` }),
    ),
  ),
  write(
    'the passport of another guest',
    guest({ passport_series: `'4510'`, passport_number: `'123456'` }),
    'guests_passport_key',
    guest({ passport_series: `'4511'`, passport_number: `'123456'` }),
  ),
  ...[`'900111223'`, `'90011122334'`, `'+900111223'`, `'900 111 22'`, `''`].map((phone) =>
    write(`the phone ${phone}`, guest({ phone }), 'guests_phone_check', guest({ phone: `'9001112233'` })),
  ),
  write(
    'a guest changed to no last name',
    update('guests', 'last_name = null'),
    '23502 last_name',
    update('guests', 'middle_name = null'),
  ),
  write(
    'a guest changed to a long first name',
    update('guests', `first_name = ${text(21)}`),
    'guests_first_name_check',
    update('guests', `first_name = ${text(20)}`),
  ),
  write(
    'a guest changed to the passport of another',
    update('guests', `passport_number = '123457'`),
    'guests_passport_key',
    update('guests', `passport_number = '123458'`),
  ),
  write(
    'a guest changed to a short phone',
    update('guests', `phone = '1'`),
    'guests_phone_check',
    update('guests', 'phone = null'),
  ),
  write(
    'many guests at once of whom one is wrong',
    `${guest()}, ('Б', 'Б', '4512', '1')`,
    'guests_passport_number_check',
    `${guest()}, ('Б', 'Б', '4512', '000001')`,
  ),
  write(
    'all guests changed to one passport',
    update('guests', `passport_number = '000009'`, 'true'),
    'guests_passport_key',
    update('guests', `passport_series = '4599'`, 'true'),
  ),
];
