import { dictionary, type Language } from '../../words/dictionary.ts';
import { counted } from '../../words/plural.ts';
import { plainText } from '../plain-text.ts';
import type { EvidenceFacts } from '../report.ts';
import { utcText } from '../utc.ts';

/** What the sentences name; empty where the evidence has none. */
interface Facts {
  n: number;
  total: number;
  percent: string;
  at: string;
  names: string;
  /** `tbilisi 2026-11-20T10:00:00.123Z absent, …` */
  steps: string;
}

const requests = { one: 'account was', other: 'accounts were' };
const accountsRu = { one: 'аккаунт', few: 'аккаунта', many: 'аккаунтов' };
const recordsRu = { one: 'запись', few: 'записи', many: 'записей' };
const records = { one: 'record', other: 'records' };

type Sentence = (facts: Facts) => string;
/** Keeps each code, so that a missing sentence does not compile. */
const sentences = <C extends string>(words: Record<C, Sentence>) => words;

const words = dictionary({
  en: sentences({
    all_absent: (f) =>
      f.steps
        ? `Asked by its id, everyone said that it is not there: ${f.steps}.`
        : 'Nothing is known of who was asked.',
    asked_by_id: (f) =>
      f.steps
        ? `It was asked for by its id, whatever page it may stand on; ${counted('en', f.n, requests)} asked: ${f.steps}.`
        : 'It was asked for by its id.',
    everyone_answered: (f) => `Everyone has answered: ${f.n} of ${f.n}.`,
    silent: (f) => `No answer from: ${f.names}.`,
    some_silent: () => 'At least one account gave no answer; see the message.',
    nobody_may_say: () => 'Until everyone has answered, nobody may say that it is gone.',
    not_asked: (f) => `In the settings, and not asked then: ${f.names}.`,
    all_known_asked: (f) => `Every account in the settings was asked (${f.names}); others cannot be.`,
    one_account_only: () => 'An id means something in this one account only.',
    kept_out: () => 'It is in the list of records that no sync may bring back.',
    parent_here: (f) => (f.at ? `It is here since ${f.at}.` : 'It is here.'),
    look_there: () => 'This cannot be seen from here; look at the record at the vendor.',
    others_passed: (f) => `In the same run ${f.n} of ${counted('en', f.total, records)} went through.`,
    none_passed: (f) => `No new or changed record of that run went through: ${f.n} of ${f.total} failed.`,
    records_failed: (f) => `${counted('en', f.n, records)} failed.`,
    new_fields: (f) => `On that day the vendor began to send fields that were never seen before: ${f.names}.`,
    field_seen_as: (f) => `The field is known since ${f.at} and was seen as: ${f.names}.`,
    page_was_whole: () => 'A page is taken only when it is whole and well-formed; its other records landed.',
    sql_state: (f) => `SQLSTATE ${f.names}.`,
    not_in_settings: (f) => `pmsync.yaml does not have ${f.names}.`,
    vendor_answered: (f) => `The vendor answered, with ${f.n}.`,
    vendor_understood: () => 'The vendor answered, and said no.',
    vendor_answer_bad: () => 'An answer came, but not what the interface promises.',
    vendor_answer_wait: () => 'The vendor answered, and asked us to wait.',
    no_answer: () => 'No answer at all came.',
    no_answer_in_time: () => 'No answer came in time.',
    would_be_401: () => 'A refused key would have been answered with 401.',
    worked_before: (f) => `The same key and address worked until ${f.at}.`,
    never_worked: () => 'Nothing was ever read to its end before.',
    neighbours_worked: (f) => `Other accounts of the source were read on that day: ${f.names}.`,
    neighbours_failed: (f) => `No other account could be read on that day either: ${f.names}.`,
    no_neighbours: () => 'No other account of this source was read on that day to compare with.',
    pages: (f) => `${f.n} of ${f.total} pages.`,
    read_after: (f) => `The list was read to its end again: ${f.at}.`,
    brake_held: (f) => `${f.n} of ${counted('en', f.total, records)} were not there${f.percent}.`,
    ended_with: (f) => `It ended with: ${f.names}.`,
    list_read_to_end: () => 'Absent records are looked for only when the list, or the day, was read to its end.',
    parked: (f) => `${counted('en', f.n, records)} still waiting.`,
    quarantined: (f) => `${counted('en', f.n, records)} set aside.`,
    own_words: () => 'See its message.',
  }),
  ru: {
    all_absent: (f) =>
      f.steps ? `Спросили по id, все ответили, что её нет: ${f.steps}.` : 'Кого спрашивали, неизвестно.',
    asked_by_id: (f) =>
      f.steps
        ? `Её спрашивали по id, на какой бы странице она ни была; опрошено: ${counted('ru', f.n, accountsRu)}: ${f.steps}.`
        : 'Её спрашивали по id.',
    everyone_answered: (f) => `Ответили все: ${f.n}.`,
    silent: (f) => `Не ответили: ${f.names}.`,
    some_silent: () => 'Хотя бы один аккаунт не ответил; см. сообщение.',
    nobody_may_say: () => 'Пока не ответили все, никто не вправе сказать, что её нет.',
    not_asked: (f) => `Есть в настройках, но тогда не спрошены: ${f.names}.`,
    all_known_asked: (f) => `Спрошены все аккаунты из настроек (${f.names}); остальные спросить нельзя.`,
    one_account_only: () => 'Id имеет смысл только в этом аккаунте.',
    kept_out: () => 'Она в списке записей, которые синхронизация не возвращает.',
    parent_here: (f) => (f.at ? `Она здесь с ${f.at}.` : 'Она здесь.'),
    look_there: () => 'Отсюда этого не видно; посмотрите запись у поставщика.',
    others_passed: (f) => `В том же прогоне прошли ${f.n} из ${f.total}.`,
    none_passed: (f) => `Ни одна новая или изменённая запись прогона не прошла: с ошибкой ${f.n} из ${f.total}.`,
    records_failed: (f) => `С ошибкой: ${counted('ru', f.n, recordsRu)}.`,
    new_fields: (f) => `В этот день поставщик начал присылать поля, которых раньше не было: ${f.names}.`,
    field_seen_as: (f) => `Поле известно с ${f.at}, приходило как: ${f.names}.`,
    page_was_whole: () => 'Страница принимается только целой и правильной; другие её записи получены.',
    sql_state: (f) => `SQLSTATE ${f.names}.`,
    not_in_settings: (f) => `В pmsync.yaml нет ${f.names}.`,
    vendor_answered: (f) => `Поставщик ответил кодом ${f.n}.`,
    vendor_understood: () => 'Поставщик ответил отказом.',
    vendor_answer_bad: () => 'Ответ пришёл, но не такой, как обещает интерфейс.',
    vendor_answer_wait: () => 'Поставщик ответил и попросил подождать.',
    no_answer: () => 'Ответа не было совсем.',
    no_answer_in_time: () => 'Ответ не пришёл вовремя.',
    would_be_401: () => 'На неверный ключ пришёл бы ответ 401.',
    worked_before: (f) => `С тем же ключом и адресом всё работало до ${f.at}.`,
    never_worked: () => 'До этого ни разу ничего не было прочитано до конца.',
    neighbours_worked: (f) => `Другие аккаунты источника в этот день читались: ${f.names}.`,
    neighbours_failed: (f) => `Другие аккаунты в этот день тоже не читались: ${f.names}.`,
    no_neighbours: () => 'Сравнить не с чем: другие аккаунты источника в этот день не читались.',
    pages: (f) => `${f.n} из ${f.total} страниц.`,
    read_after: (f) => `Список снова прочитан до конца: ${f.at}.`,
    brake_held: (f) => `Не оказалось ${f.n} из ${f.total}${f.percent}.`,
    ended_with: (f) => `Чем кончилось: ${f.names}.`,
    list_read_to_end: () => 'Отсутствующие записи ищут, только когда список или день прочитан до конца.',
    parked: (f) => `Ещё ждут: ${counted('ru', f.n, recordsRu)}.`,
    quarantined: (f) => `Отложено: ${counted('ru', f.n, recordsRu)}.`,
    own_words: () => 'См. его сообщение.',
  },
});

export type EvidenceCode = keyof ReturnType<typeof words>;

const answers = dictionary({
  en: { absent: 'absent', found: 'found', unavailable: 'no answer', more: 'more' },
  ru: { absent: 'нет', found: 'есть', unavailable: 'нет ответа', more: 'дальше' },
});

export function evidenceText({ code, steps = [], percent, ...facts }: EvidenceFacts, language: Language): string {
  const answer = answers(language) as Record<string, string>;
  return words(language)[code]({
    n: facts.count ?? 0,
    total: facts.total ?? 0,
    at: facts.at === undefined ? '' : utcText(facts.at),
    percent: percent === undefined ? '' : ` (${percent} %)`,
    names: (facts.names ?? []).map(plainText).join(', '),
    steps: steps.map(({ account, at, answer: said }) => `${account} ${utcText(at)} ${answer[said] ?? said}`).join(', '),
  });
}
