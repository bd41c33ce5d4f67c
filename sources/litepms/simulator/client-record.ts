import { dayText, wallTime } from './days.ts';
import type { Person } from './people.ts';
import { createRandom, hash, int, pick } from './random.ts';
import type { RawClient } from './types.ts';

const ZERO_DATE = '0000-00-00';

/** Every field of section 6.1 of the API notes, as text. */
export function createClientRecord(
  seed: number,
  { id, index, createdDay }: { id: string; index: number; createdDay: number },
  { woman, name, surname, middlename, phone, email }: Person,
): RawClient {
  const random = createRandom(hash(seed, 21, index));
  const born = -5_400 + int(random, 17_000);
  const issued = 15_000 + int(random, 4_000);
  const document = random() < 0.6;
  const flag = (share: number): string => (random() < share ? '1' : '0');
  return {
    id,
    user_id: '77',
    group_id: pick(random, ['0', '0', '3']),
    date: wallTime(createdDay, int(random, 24), int(random, 60), int(random, 60)),
    name,
    middlename,
    surname,
    extradata: '',
    birthday: random() < 0.6 ? dayText(born) : ZERO_DATE,
    birthday_place: random() < 0.1 ? 'г. Тестоград' : '',
    phone,
    email,
    social: '',
    address: random() < 0.4 ? `ул. Тестовая, ${1 + int(random, 99)} &laquo;А&raquo; ` : '',
    doc_title: document ? 'Паспорт' : '',
    doc_series: document ? String(1000 + int(random, 9000)) : '',
    doc_code: document ? String(100_000 + int(random, 900_000)) : '',
    doc_when: document ? dayText(issued) : ZERO_DATE,
    doc_valid: document && random() < 0.3 ? dayText(issued + 3650) : ZERO_DATE,
    doc_where: document ? 'Отдел тестов &quot;№ 1&quot;' : '',
    comment: random() < 0.2 ? '&quot;VIP&quot; &amp; друзья' : '',
    anketa: '',
    bl: flag(0.02),
    vip: flag(0.1),
    adv: flag(0.3),
    gender: random() < 0.2 ? '0' : woman ? '2' : '1',
    foreigner: flag(0.1),
    is_live: '0',
    pref: '0',
  };
}
