/** A rule in words that a receptionist understands, and the field it is about (a column, or `card_number`). */
export interface RuleMessage {
  field: string;
  en: string;
  ru: string;
}

const rule = (field: string, en: string, ru: string): RuleMessage => ({ field, en, ru });

/**
 * Every constraint of the hotel's tables by its name. The same words are the constraint's comment in the database, for those
 * who work in psql; a test keeps the two alike.
 */
export const ruleMessages: Readonly<Record<string, RuleMessage>> = {
  guests_pkey: rule('id', 'Guest number: this one is taken.', 'Номер гостя: этот уже занят.'),
  guests_last_name_check: rule('last_name', 'Last name: 1 to 30 characters.', 'Фамилия: от 1 до 30 знаков.'),
  guests_first_name_check: rule('first_name', 'First name: 1 to 20 characters.', 'Имя: от 1 до 20 знаков.'),
  guests_middle_name_check: rule(
    'middle_name',
    'Middle name: at most 20 characters, or none.',
    'Отчество: не больше 20 знаков, можно не указывать.',
  ),
  guests_passport_series_check: rule(
    'passport_series',
    'Passport series: exactly 4 digits.',
    'Серия паспорта: ровно 4 цифры.',
  ),
  guests_passport_number_check: rule(
    'passport_number',
    'Passport number: exactly 6 digits.',
    'Номер паспорта: ровно 6 цифр.',
  ),
  guests_phone_check: rule(
    'phone',
    'Phone: exactly 10 digits, or none.',
    'Телефон: ровно 10 цифр, можно не указывать.',
  ),
  guests_passport_key: rule(
    'passport_number',
    'Passport: another guest has this series and number.',
    'Паспорт: гость с такой серией и номером уже есть.',
  ),

  rooms_pkey: rule('id', 'Room number: this one is taken.', 'Номер комнаты: этот уже занят.'),
  rooms_area_check: rule('area', 'Area: a whole number above 0.', 'Площадь: целое число больше 0.'),
  rooms_price_per_night_check: rule(
    'price_per_night',
    'Price per night: above 0, at most 99999, no more than two decimals.',
    'Цена за ночь: больше 0, не больше 99999, не больше двух знаков после запятой.',
  ),
  rooms_class_check: rule(
    'class',
    'Class: standard, comfort or luxury.',
    'Класс: standard (стандарт), comfort (комфорт) или luxury (люкс).',
  ),
  rooms_rooms_count_check: rule(
    'rooms_count',
    'Number of rooms: a whole number above 0.',
    'Число комнат: целое число больше 0.',
  ),
  rooms_uid_key: rule(
    'uid',
    'The inner number of a room is set by the database.',
    'Внутренний номер задаёт база данных.',
  ),

  bookings_pkey: rule('id', 'Booking number: this one is taken.', 'Номер брони: этот уже занят.'),
  bookings_booked_on_check: rule(
    'booked_on',
    'Day of booking: not later than the arrival.',
    'Дата бронирования: не позже даты заезда.',
  ),
  bookings_check_in_check: rule('check_in', 'Arrival: a day of the calendar.', 'Заезд: дата по календарю.'),
  bookings_check_out_check: rule('check_out', 'Departure: later than the arrival.', 'Выезд: позже даты заезда.'),
  bookings_price_per_night_check: rule(
    'price_per_night',
    'Price per night: above 0, at most 99999, no more than two decimals.',
    'Цена за ночь: больше 0, не больше 99999, не больше двух знаков после запятой.',
  ),
  bookings_price_per_night_reckoned_check: rule(
    'price_per_night',
    'Price per night: the one of the room when it was booked; it is not entered by hand.',
    'Цена за ночь: цена комнаты на момент брони, вручную не задаётся.',
  ),
  bookings_total_check: rule(
    'total',
    'Total: above 0 and at most 999999. Book fewer nights at once.',
    'Стоимость: больше 0 и не больше 999999. Разбейте бронь на меньшие сроки.',
  ),
  bookings_total_reckoned_check: rule(
    'total',
    'Total: price per night × nights, reckoned by the database; it is not entered by hand.',
    'Стоимость: цена за ночь × число ночей, считает база данных, вручную не задаётся.',
  ),
  bookings_room_id_fkey: rule('room_id', 'Room: there is none with this number.', 'Комната: такой нет.'),
  bookings_stay_key: rule(
    'check_in',
    'Dates: this room is booked for exactly these dates already.',
    'Даты: эта комната уже забронирована ровно на эти даты.',
  ),
  bookings_stay_excl: rule(
    'check_in',
    'Dates: the room is taken on at least one of these nights.',
    'Даты: комната занята хотя бы на одну из этих ночей.',
  ),
  bookings_card_last4_check: rule(
    'card_number',
    'Card: the last four are exactly 4 digits.',
    'Карта: последние четыре — ровно 4 цифры.',
  ),
  bookings_card_length_check: rule(
    'card_number',
    'Card number: 13 to 19 digits, or none (cash).',
    'Номер карты: от 13 до 19 цифр или не указан (наличные).',
  ),
  bookings_card_whole_check: rule(
    'card_number',
    'Card: the encrypted number and its last four are stored together, or neither.',
    'Карта: зашифрованный номер и последние четыре цифры хранятся только вместе.',
  ),

  booking_guests_pkey: rule(
    'guest_id',
    'Guests: this guest is in the booking already.',
    'Гости: этот гость уже есть в брони.',
  ),
  booking_guests_booking_id_fkey: rule('booking_id', 'Booking: there is none with this number.', 'Бронь: такой нет.'),
  booking_guests_guest_id_fkey: rule('guest_id', 'Guest: there is none with this number.', 'Гость: такого нет.'),
};
