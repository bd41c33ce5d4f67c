import { createRandom, hash, int, pick } from './random.ts';

// All people are invented: surnames are words for "test" and "sample", the numbers and the domain belong to nobody.
const MEN = ['Иван', 'Пётр', 'Алексей', 'Дмитрий', 'Георгий', 'Тимур', 'Лев', 'Семён'];
const WOMEN = ['Анна', 'Мария', 'Елена', 'Ольга', 'Нино', 'Софья', 'Вера', 'Тамара'];
const SURNAMES = ['Тестов', 'Примеров', 'Образцов', 'Макетов', 'Шаблонов', 'Черновиков', 'Заглушкин', 'Пробников'];
const FATHERS = ['Иванов', 'Петров', 'Алексеев', 'Дмитриев', 'Георгиев'];
const CATEGORIES = ['Новый', 'Новый', 'Лояльный', 'Постоянный', 'Серый', 'Чёрный'];

/** What both a client and the rows about him say. */
export interface Person {
  name: string;
  lastname: string;
  middlename: string | null;
  fio: string;
  phone: string | null;
  email: string | null;
  lang: string;
  category: string;
}

export function createPerson(seed: number, index: number): Person {
  const random = createRandom(hash(seed, 11, index));
  const woman = random() < 0.5;
  const blank = random() < 0.05 ? ' ' : '';
  const name = pick(random, woman ? WOMEN : MEN) + blank;
  const surname = pick(random, SURNAMES) + (woman ? 'а' : '');
  const lastname = random() < 0.03 ? `Д&#39;${surname}` : surname;
  const middlename = random() < 0.4 ? pick(random, FATHERS) + (woman ? 'на' : 'ич') : null;
  return {
    name,
    lastname,
    middlename,
    fio: `${lastname} ${name}${middlename === null ? '' : ` ${middlename}`}`,
    phone: phone(int(random, 10_000), random()),
    email: random() < 0.7 ? `client.${index}@example.test` : null,
    lang: pick(random, ['ru', 'ru', 'ru', 'en', 'ka']),
    category: pick(random, CATEGORIES),
  };
}

function phone(number: number, form: number): string | null {
  const digits = String(number).padStart(4, '0');
  const tail = `${digits.slice(0, 2)}-${digits.slice(2)}`;
  if (form < 0.03) return null;
  if (form < 0.06) return '';
  if (form < 0.15) return `8 (900) 000-${tail}`;
  if (form < 0.25) return `+7900000${digits}`;
  return `+7 900 000-${tail}`;
}
