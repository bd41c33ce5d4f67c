/** Each rule in words, for those who meet it in psql; `hotel/rule-messages.ts` says the same to the others. */
const words: readonly [table: string, constraint: string, words: string][] = [
  ['guests', 'guests_pkey', 'Guest number: this one is taken. / Номер гостя: этот уже занят.'],
  ['guests', 'guests_last_name_check', 'Last name: 1 to 30 characters. / Фамилия: от 1 до 30 знаков.'],
  ['guests', 'guests_first_name_check', 'First name: 1 to 20 characters. / Имя: от 1 до 20 знаков.'],
  [
    'guests',
    'guests_middle_name_check',
    'Middle name: at most 20 characters, or none. / Отчество: не больше 20 знаков, можно не указывать.',
  ],
  ['guests', 'guests_passport_series_check', 'Passport series: exactly 4 digits. / Серия паспорта: ровно 4 цифры.'],
  ['guests', 'guests_passport_number_check', 'Passport number: exactly 6 digits. / Номер паспорта: ровно 6 цифр.'],
  ['guests', 'guests_phone_check', 'Phone: exactly 10 digits, or none. / Телефон: ровно 10 цифр, можно не указывать.'],
  [
    'guests',
    'guests_passport_key',
    'Passport: another guest has this series and number. / Паспорт: гость с такой серией и номером уже есть.',
  ],
  ['rooms', 'rooms_pkey', 'Room number: this one is taken. / Номер комнаты: этот уже занят.'],
  ['rooms', 'rooms_area_check', 'Area: a whole number above 0. / Площадь: целое число больше 0.'],
  [
    'rooms',
    'rooms_price_per_night_check',
    'Price per night: above 0, at most 99999, no more than two decimals. / Цена за ночь: больше 0, не больше 99999, не больше двух знаков после запятой.',
  ],
  [
    'rooms',
    'rooms_class_check',
    'Class: standard, comfort or luxury. / Класс: standard (стандарт), comfort (комфорт) или luxury (люкс).',
  ],
  [
    'rooms',
    'rooms_rooms_count_check',
    'Number of rooms: a whole number above 0. / Число комнат: целое число больше 0.',
  ],
  [
    'rooms',
    'rooms_uid_key',
    'The inner number of a room is set by the database. / Внутренний номер задаёт база данных.',
  ],
  ['bookings', 'bookings_pkey', 'Booking number: this one is taken. / Номер брони: этот уже занят.'],
  [
    'bookings',
    'bookings_booked_on_check',
    'Day of booking: not later than the arrival. / Дата бронирования: не позже даты заезда.',
  ],
  ['bookings', 'bookings_check_in_check', 'Arrival: a day of the calendar. / Заезд: дата по календарю.'],
  ['bookings', 'bookings_check_out_check', 'Departure: later than the arrival. / Выезд: позже даты заезда.'],
  [
    'bookings',
    'bookings_price_per_night_check',
    'Price per night: above 0, at most 99999, no more than two decimals. / Цена за ночь: больше 0, не больше 99999, не больше двух знаков после запятой.',
  ],
  [
    'bookings',
    'bookings_total_check',
    'Total: above 0 and at most 999999. Book fewer nights at once. / Стоимость: больше 0 и не больше 999999. Разбейте бронь на меньшие сроки.',
  ],
  [
    'bookings',
    'bookings_total_reckoned_check',
    'Total: price per night × nights, reckoned by the database; it is not entered by hand. / Стоимость: цена за ночь × число ночей, считает база данных, вручную не задаётся.',
  ],
  ['bookings', 'bookings_room_id_fkey', 'Room: there is none with this number. / Комната: такой нет.'],
  [
    'bookings',
    'bookings_stay_key',
    'Dates: this room is booked for exactly these dates already. / Даты: эта комната уже забронирована ровно на эти даты.',
  ],
  [
    'bookings',
    'bookings_stay_excl',
    'Dates: the room is taken on at least one of these nights. / Даты: комната занята хотя бы на одну из этих ночей.',
  ],
  [
    'bookings',
    'bookings_card_last4_check',
    'Card: the last four are exactly 4 digits. / Карта: последние четыре — ровно 4 цифры.',
  ],
  [
    'bookings',
    'bookings_card_length_check',
    'Card number: 13 to 19 digits, or none (cash). / Номер карты: от 13 до 19 цифр или не указан (наличные).',
  ],
  [
    'bookings',
    'bookings_card_whole_check',
    'Card: the encrypted number and its last four are stored together, or neither. / Карта: зашифрованный номер и последние четыре цифры хранятся только вместе.',
  ],
  [
    'booking_guests',
    'booking_guests_pkey',
    'Guests: this guest is in the booking already. / Гости: этот гость уже есть в брони.',
  ],
  ['booking_guests', 'booking_guests_booking_id_fkey', 'Booking: there is none with this number. / Бронь: такой нет.'],
  ['booking_guests', 'booking_guests_guest_id_fkey', 'Guest: there is none with this number. / Гость: такого нет.'],
];

export const comments = words.map(
  ([table, constraint, text]) => `comment on constraint ${constraint} on hotel.${table} is '${text}'`,
);
