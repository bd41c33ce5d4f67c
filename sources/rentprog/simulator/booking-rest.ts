import { createRandom, hash, int, pick, type Random } from './random.ts';
import type { Fields } from './types.ts';

const VARIANTS = 256;

interface BookingRest {
  fields: Fields;
  /** The same as JSON, without the braces. */
  json: string;
}

/**
 * The half of a row that nothing refers to: the rest of section 5.1 and twenty of the vendor's many other fields. Rows
 * share some hundred variants of it, already written as JSON, which makes a page twice as fast to build.
 */
export function createBookingRests(seed: number): (index: number) => BookingRest {
  const variants = Array.from({ length: VARIANTS }, (_, variant): BookingRest => {
    const random = createRandom(hash(seed, 43, variant));
    const fields: Fields = { ...staffAndUse(random), ...vendorExtras(random) };
    return { fields, json: JSON.stringify(fields).slice(1, -1) };
  });
  return (index) => variants[hash(seed, 44, index) % VARIANTS] as BookingRest;
}

function staffAndUse(random: Random) {
  const mileage = 1000 + int(random, 90_000);
  return {
    start_worker_id: 501 + int(random, 5),
    end_worker_id: null,
    responsible: pick(random, ['Менеджер Тест', null]),
    responsible_id: 501 + int(random, 5),
    agent_id: null,
    user_id: 501,
    start_mileage: mileage,
    end_mileage: mileage + int(random, 3000),
    booking_mileage: null,
    gas_start: 8,
    gas_end: null,
    clean_start: true,
    clean_end: null,
    description: random() < 0.2 ? 'Нужен чек &quot;за наличные&quot;, <b>срочно</b> ' : null,
    source: pick(random, ['Сайт', 'Звонок', 'Instagram', 'Агент ', null]),
    chair: random() < 0.1,
    booster: false,
    navigator: false,
    custom_field_1: random() < 0.3 ? 'VIP &amp; друзья' : null,
    custom_field_2: null,
    custom_field_3: '',
  };
}

function vendorExtras(random: Random) {
  return {
    chains: false,
    wifi_router: random() < 0.1,
    second_driver: null,
    cross_border: random() < 0.05,
    full_insurance: random() < 0.3,
    franchise: 500,
    young_driver: false,
    chair_count: int(random, 3),
    roof_box: false,
    night_surcharge: 7.5,
    late_return: null,
    contract_number: `Д-${int(random, 100_000)}`,
    flight_number: random() < 0.2 ? 'TS 0101' : null,
    prepayment_percent: int(random, 4) * 10,
    payment_method: pick(random, ['Наличные', 'Карта', '']),
    promo_code: null,
    referrer: null,
    timezone_note: null,
    tags: random() < 0.1 ? ['тест'] : [],
    extras: { seats: int(random, 3), note: null },
  };
}
