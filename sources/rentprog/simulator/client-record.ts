import { isoDate } from './dates.ts';
import type { Person } from './people.ts';
import { createRandom, hash, int, pick } from './random.ts';
import type { RawClient } from './types.ts';

const DAY = 86_400_000;

/** Every field of section 5.2 of the API notes. `passport` is another client's id, so a search by id finds two. */
export function createClientRecord(
  seed: number,
  who: { id: number; index: number; companyId: number; createdAt: string; passport: string; document: string | null },
  person: Person,
): RawClient {
  const random = createRandom(hash(seed, 21, who.index));
  const company = random() < 0.04;
  const debt = random() < 0.05;
  const bornMs = Date.UTC(1955, 0, 1) + int(random, 17_000) * DAY;
  const issuedMs = Date.UTC(2012, 0, 1) + int(random, 4_000) * DAY;
  return {
    id: who.id,
    ...person,
    birthday: random() < 0.8 ? isoDate(bornMs) : null,
    country: pick(random, ['Грузия', 'Россия', 'Армения', '']),
    city: pick(random, ['Тбилиси', 'Батуми ', 'Тестоград', null]),
    address: random() < 0.5 ? `ул. Тестовая, ${1 + int(random, 99)} &laquo;А&raquo; ` : null,
    source: pick(random, ['Сайт', 'Звонок', 'Рекомендация', 'Другое', null]),
    dop_info: random() < 0.2 ? 'Просит детское кресло &amp; навигатор' : null,
    sale: int(random, 4) * 2.5,
    sale_cash: 0,
    passport_series: random() < 0.7 ? String(1000 + int(random, 9000)) : null,
    passport_number: who.passport,
    passport_issued: 'Отдел тестов № 1',
    passport_issued_date: isoDate(issuedMs),
    passport_expired_date: isoDate(issuedMs + 3650 * DAY),
    driver_series: random() < 0.7 ? 'TT' : null,
    driver_number: random() < 0.7 ? String(10_000 + int(random, 90_000)) : '',
    driver_issued: null,
    driver_issued_date: isoDate(issuedMs),
    driver_expired_date: isoDate(issuedMs + 3650 * DAY),
    doc_number: who.document,
    taxi_license: null,
    entity: company,
    entity_name: company ? 'Общество &quot;Тест и Пример&quot;' : null,
    short_entity_name: company ? 'Тест и Пример' : null,
    reg_form: company ? 'ООО' : null,
    ceo: company ? person.fio : null,
    entity_phone: null,
    entity_adress: null,
    inn: company ? '0000000000' : null,
    ogrn: null,
    acc_number: null,
    bank: null,
    korr: null,
    bik: null,
    problems: random() < 0.02,
    problems_description: null,
    debt,
    debt_description: debt ? 'Штраф за парковку' : null,
    balance: debt ? -12.5 * (1 + int(random, 20)) : 0,
    debtor: debt,
    company_id: who.companyId,
    main_company_id: 100,
    created_at: who.createdAt,
  };
}
