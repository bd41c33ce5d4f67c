import { wallTime } from './dates.ts';
import { createRandom, hash, int, pick } from './random.ts';
import type { Json, RawBooking } from './types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const STATES = [
  ...['Отъездила', 'Отъездила', 'Отъездила', 'Отъездила', 'Отъездила', 'Активная', 'Активная'],
  ...['Подтверждена', 'Подтверждена', 'Новая', 'Не подтверждена', 'В обработке', 'Недозвон', 'Ожидает ответа клиента'],
  ...['Ожидает оплаты', 'Вернуть залог', 'Отмена', 'Отказ клиента', 'Нет машин', 'Другое'],
];
const CLOSED = new Set(['Отъездила', 'Отмена', 'Отказ клиента', 'Нет машин']);
const PLACES = ['Аэропорт &amp; вокзал', 'Офис ', 'Отель «Тест»', 'Центр', null];

export const stateOf = (seed: number, index: number): string =>
  STATES[index < STATES.length ? index : hash(seed, 41, index) % STATES.length] as string;
export const isActive = (state: string): boolean => !CLOSED.has(state);

interface BookingFacts {
  id: number;
  index: number;
  number: number;
  companyId: number;
  createdMs: number;
  block: 'technical' | 'repair' | null;
  client: { id: number; first: string; middle: string | null; last: string; category: string } | null;
  car: { id: number; name: string; code: string; state: Json; price: number } | null;
}

/** Section 5.1 of the API notes as far as the fields belong to this booking; `booking-rest.ts` has the others. */
export function createBookingHead(seed: number, facts: BookingFacts): RawBooking {
  const { client, car, index } = facts;
  const random = createRandom(hash(seed, 42, index));
  const state = stateOf(seed, index);
  const days = 1 + int(random, 14);
  const startMs = Math.floor((facts.createdMs + random() * 30 * DAY) / (HOUR / 2)) * (HOUR / 2);
  const extraHours = int(random, 6);
  const price = car?.price ?? 100;
  const rental = cents(price * days);
  const delivery = int(random, 4) * 12.5;
  const deliveryEnd = int(random, 3) * 10;
  const insurance = int(random, 3) * 15.75;
  const hoursCost = cents(extraHours * 9.99);
  const sale = int(random, 5) * 2.5;
  return {
    id: facts.id,
    number: random() < 0.04 ? null : facts.number,
    company_id: facts.companyId,
    main_company_id: 100,
    active: isActive(state),
    archive: false,
    in_rent: state === 'Активная',
    technical: facts.block === 'technical',
    repair: facts.block === 'repair',
    fast_booking: random() < 0.1,
    state,
    ride: null,
    failure: null,
    client_id: client?.id ?? null,
    client_category: client?.category ?? null,
    first_name: client?.first ?? null,
    middle_name: client?.middle ?? null,
    last_name: client?.last ?? null,
    client_debtor: client ? random() < 0.03 : null,
    client_decline: null,
    car_id: car?.id ?? null,
    car_name: car?.name ?? null,
    car_code: car?.code ?? null,
    car_state: car?.state ?? null,
    start_date: wallTime(startMs, index % 7 === 0),
    end_date: wallTime(startMs + days * DAY + extraHours * HOUR),
    created_at: wallTime(facts.createdMs),
    start_date_formatted: new Date(startMs).toISOString(),
    end_date_formatted: null,
    days,
    additional_hours: extraHours,
    hourly: false,
    monthly: days > 13,
    price,
    rental_cost: rental,
    rental_cost_sale: cents((rental * (100 - sale)) / 100),
    total: cents((rental * (100 - sale)) / 100 + delivery + deliveryEnd + insurance + hoursCost),
    deposit: 200 + int(random, 5) * 50,
    part_return_deposit: 0,
    delivery,
    delivery_end: deliveryEnd,
    equipment: 0,
    insurance,
    hours_cost: hoursCost,
    clean_payment: 0,
    mileage_cost: 0,
    fine: random() < 0.05 ? 33.3 : 0,
    damage: 0,
    other: 0,
    sale,
    location_start: pick(random, PLACES),
    location_end: pick(random, PLACES),
  };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;
