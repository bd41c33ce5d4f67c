import { createRandom, hash, int, pick } from './random.ts';
import type { RawCar } from './types.ts';

const MODELS = ['Test Car', 'Sample Sedan', 'Demo Cross', 'Пример Универсал', 'Макет Купе', 'Mock &amp; Roll '];

/** Every field of section 5.3 of the API notes. */
export function createCarRecord(seed: number, who: { id: number; index: number; companyId: number }): RawCar {
  const { id, index, companyId } = who;
  const random = createRandom(hash(seed, 31, index));
  const daily = 60 + int(random, 400) / 2;
  const plate = `TT-${String(index % 1000).padStart(3, '0')}-TT`;
  return {
    id,
    car_name: pick(random, MODELS),
    code: `T${index + 1}`,
    number: plate,
    vin: `TEST${String(index + 1).padStart(13, '0')}`,
    body_number: null,
    year: 2012 + int(random, 14),
    color: pick(random, ['Белый', 'Чёрный', 'Серый ', null]),
    transmission: pick(random, ['Автомат', 'Механика']),
    fuel: pick(random, ['Бензин', 'Дизель', 'Гибрид']),
    car_class: pick(random, ['Эконом', 'Комфорт', 'Бизнес']),
    car_type: pick(random, ['Седан', 'Внедорожник', 'Минивэн']),
    number_doors: 4,
    number_seats: 5 + int(random, 3),
    engine_capacity: 1 + int(random, 20) / 10,
    engine_power: 80 + int(random, 200),
    state: 1 + int(random, 6),
    active: random() < 0.9,
    archive: false,
    mileage: 1000 + int(random, 200_000),
    clean_state: random() < 0.8,
    tank_state: int(random, 9),
    deposit: 200 + int(random, 8) * 50,
    price_hour: 12.5,
    average_price: daily,
    prices: [null, id].map((season, at) => ({
      id: id * 2 + at,
      values: [daily, daily * 0.9, daily * 0.8],
      car_id: id,
      season_id: season,
      created_at: '2024-01-01T09:00:00.000+04:00',
      updated_at: '2024-06-01T09:00:00.000+04:00',
    })),
    price_periods: [{ id: 1, start: 1, end: 3 }],
    seasons: [{ id, start_date: '01.06', end_date: '31.08' }],
    store_place: pick(random, ['Аэропорт', 'Офис', null]),
    avatar_url: null,
    description: random() < 0.3 ? 'Новая резина &mdash; &quot;липучка&quot; ' : null,
    company_id: companyId,
    main_company_id: 100,
    custom_field_1: null,
    custom_field_2: '',
    custom_field_3: random() < 0.5 ? 'Тест' : null,
  };
}

const SHORT = ['id', 'car_name', 'code', 'number', 'vin', 'state', 'active', 'company_id', 'main_company_id'] as const;

/** What /all_cars says of a car. */
export const shortCar = (car: RawCar): RawCar => Object.fromEntries(SHORT.map((name) => [name, car[name]])) as RawCar;
