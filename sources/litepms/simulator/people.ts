import { createRandom, hash, int, pick } from './random.ts';

// All people are invented: surnames are words for "test" and "sample", the numbers and the domain belong to nobody.
const MEN = ['Иван', 'Пётр', 'Алексей', 'Дмитрий', 'Георгий', 'Тимур', 'Лев', 'Семён'];
const WOMEN = ['Анна', 'Мария', 'Елена', 'Ольга', 'Ксения', 'Софья', 'Вера', 'Тамара'];
const SURNAMES = ['Тестов', 'Примеров', 'Образцов', 'Макетов', 'Шаблонов', 'Черновиков', 'Заглушкин', 'Пробников'];
const FATHERS = ['Иванов', 'Петров', 'Алексеев', 'Дмитриев', 'Георгиев'];

/** What both a client and his bookings say. */
export interface Person {
  woman: boolean;
  name: string;
  surname: string;
  middlename: string;
  phone: string;
  email: string;
}

export function createPerson(seed: number, index: number): Person {
  const random = createRandom(hash(seed, 11, index));
  const woman = random() < 0.5;
  const surname = pick(random, SURNAMES) + (woman ? 'а' : '');
  const digits = String(int(random, 10_000)).padStart(4, '0');
  return {
    woman,
    name: pick(random, woman ? WOMEN : MEN) + (random() < 0.05 ? ' ' : ''),
    surname: random() < 0.03 ? `Д&#039;${surname}` : surname,
    middlename: random() < 0.5 ? pick(random, FATHERS) + (woman ? 'на' : 'ич') : '',
    phone: random() < 0.1 ? '' : `+7 900 000-${digits.slice(0, 2)}-${digits.slice(2)}`,
    email: random() < 0.7 ? `guest.${index}@example.test` : '',
  };
}
