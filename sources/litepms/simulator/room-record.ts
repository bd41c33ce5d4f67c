import { createRandom, hash, int, pick } from './random.ts';
import type { Fields, RawRoom } from './types.ts';

const CATEGORIES = ['Домики', 'Стандарт &quot;Сад&quot;', 'Люкс', 'Хостел'];
export const FIRST_CATEGORY = 31;

export const createCategories = (): Fields[] =>
  CATEGORIES.map((name, index) => ({ id: String(FIRST_CATEGORY + index), name, sort: String(index) }));

/** Every field of section 6.3 of the API notes; option fields are what PHP's `serialize` makes. */
export function createRoomRecord(seed: number, id: string, index: number): RawRoom {
  const random = createRandom(hash(seed, 31, index));
  const category = int(random, CATEGORIES.length);
  return {
    id,
    cat_id: String(FIRST_CATEGORY + category),
    floor_id: '0',
    corpus_id: '0',
    number: String(index + 1),
    name: random() < 0.1 ? '' : `Номер ${index + 1} &mdash; тест`,
    widget_name: '',
    descr: random() < 0.3 ? 'Вид на реку &amp; лес' : '',
    descr2: '',
    area: pick(random, ['24', '18.5', '', '30 м&sup2;']),
    person: String(1 + int(random, 3)),
    person_add: String(int(random, 3)),
    children: '1',
    children_in_person: '0',
    accom_opt: 'a:0:{}',
    services: 'a:2:{i:0;s:1:"3";i:1;s:1:"7";}',
    comfort: 'a:1:{s:4:"wifi";i:1;}',
    hourly: '0',
    rate_id: '1',
    price: `${2000 + int(random, 60) * 100}.00`,
    price_for_bed: '0.00',
    person_add_price: '700.00',
    children_price: '0.00',
    price_per_person: '0',
    booking_mode: '0',
    clean_status: String(int(random, 3)),
    sort: String(index),
    sort_bm: '0',
    active: random() < 0.9 ? '1' : '0',
    active_bm: '1',
    active_cm: '0',
    pay_method: '',
    color: '#88aa66',
  };
}
