import type { RuleMessage } from './rule-messages.ts';

const labels: Readonly<Record<string, { en: string; ru: string }>> = {
  id: { en: 'Number', ru: 'Номер' },
  last_name: { en: 'Last name', ru: 'Фамилия' },
  first_name: { en: 'First name', ru: 'Имя' },
  passport_series: { en: 'Passport series', ru: 'Серия паспорта' },
  passport_number: { en: 'Passport number', ru: 'Номер паспорта' },
  area: { en: 'Area', ru: 'Площадь' },
  price_per_night: { en: 'Price per night', ru: 'Цена за ночь' },
  class: { en: 'Class', ru: 'Класс' },
  has_kitchen: { en: 'Kitchen', ru: 'Кухня' },
  rooms_count: { en: 'Number of rooms', ru: 'Число комнат' },
  booked_on: { en: 'Day of booking', ru: 'Дата бронирования' },
  check_in: { en: 'Arrival', ru: 'Заезд' },
  check_out: { en: 'Departure', ru: 'Выезд' },
  room_id: { en: 'Room', ru: 'Комната' },
  total: { en: 'Total', ru: 'Стоимость' },
  guest_id: { en: 'Guest', ru: 'Гость' },
  booking_id: { en: 'Booking', ru: 'Бронь' },
};

/** What is said of a required column that has no value. */
export function missingMessage(column: string): RuleMessage {
  const { en, ru } = labels[column] ?? { en: column, ru: column };
  return { field: column, en: `${en}: required.`, ru: `${ru}: обязательно.` };
}

export const missingColumns = Object.keys(labels);
