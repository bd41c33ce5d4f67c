import { dictionary, type Language } from '../../words/dictionary.ts';
import { counted } from '../../words/plural.ts';

const number = (language: Language, n: number) =>
  new Intl.NumberFormat(language === 'ru' ? 'ru-RU' : 'en-GB').format(n);

/** Headings, columns and frame sentences. */
export const reportWords = dictionary({
  en: {
    title: (source: string, account: string, date: string) => `Error report: ${source}, ${account}, ${date}`,
    source: 'Source',
    account: 'Account',
    day: 'Day',
    dayText: (date: string, zone: string, from: string, to: string) => `${date} (${zone}), ${from} – ${to}`,
    generated: 'Made at',
    total: 'Problems',
    noProblems: 'none',
    totalText: (n: number, look: number, waiting: number, healed: number, closed: number) =>
      `${number('en', n)} (${[
        `${number('en', look)} to be looked at`,
        `${number('en', waiting)} waiting`,
        `${number('en', healed)} healed`,
        ...(closed > 0 ? [`${number('en', closed)} closed by hand`] : []),
      ].join(', ')})`,
    read: 'Read',
    readText: (runs: number, fetched: number, written: number, requests: number) =>
      `${counted('en', runs, { one: 'run', other: 'runs' })}, ${counted('en', fetched, { one: 'record', other: 'records' })} fetched, ${number('en', written)} written, ${counted('en', requests, { one: 'request', other: 'requests' })}`,
    nothingRead: 'nothing: no run began on this day',
    good: 'No problems on this day. All went through.',
    goodIdle: 'No problems on this day, and nothing was read either.',
    ofDay: 'What was read',
    readTitles: [
      'Entity',
      'Runs',
      'Complete',
      'Not complete',
      'Failed',
      'Going on',
      'Fetched',
      'New',
      'Changed',
      'Unchanged',
      'Deleted',
    ],
    problems: 'Problems',
    problemTitles: ['Time (UTC)', 'Entity', 'External id', 'Number', 'Kind', 'Message'],
    before: 'open already when the day began',
    moreProblems: (n: number) => `… and ${counted('en', n, { one: 'more problem', other: 'more problems' })}.`,
    times: (n: number) => `${number('en', n)} times`,
    runCounts: (pages: number, parked: number, quarantined: number) =>
      `pages that did not come: ${number('en', pages)}, records that wait: ${number('en', parked)}, set aside: ${number('en', quarantined)}`,
    analysis: 'Analysis',
    cause: 'Cause',
    happened: (n: number, first: string, last: string) =>
      first === last
        ? `${n === 1 ? 'Once' : `${number('en', n)} times`}, at ${first}.`
        : `${number('en', n)} times, from ${first} to ${last}.`,
    message: 'Message',
    records: 'Records',
    andMore: (n: number) => `and ${number('en', n)} more`,
    scenarios: 'What it may be',
    applies: 'applies',
    possible: 'possible',
    ruled_out: 'ruled out',
    moreCauses: (causes: number, problems: number, kind: string) =>
      `… and ${counted('en', causes, { one: 'more cause', other: 'more causes' })} (${kind}), ${counted('en', problems, { one: 'problem', other: 'problems' })}.`,
    recommendations: 'Recommendations',
    nothingToDo: 'Nothing has to be done.',
    now: 'The records now',
    nowTitles: ['Entity', 'External id', 'Number', 'Then', 'Now', 'Since (UTC)'],
    healed: 'healed',
    waiting: 'waiting',
    needs_look: 'needs a look',
    closed: 'closed by hand',
    next: 'Next steps',
    nextLook: (cause: string) => `Look into it: ${cause}.`,
    nextWait: (n: number) =>
      `${counted('en', n, { one: 'problem goes on by itself', other: 'problems go on by themselves' })}; nothing has to be done.`,
    nextDone: 'Everything of this day has gone through. Nothing is left to do.',
    nextAgain: 'Afterwards make this report again; it shows how the records stand then:',
    wholeList: 'whole list',
    runFailed: 'run failed',
    runPartial: 'run not complete',
  },
  ru: {
    title: (source: string, account: string, date: string) => `Отчёт об ошибках: ${source}, ${account}, ${date}`,
    source: 'Источник',
    account: 'Аккаунт',
    day: 'День',
    dayText: (date: string, zone: string, from: string, to: string) => `${date} (${zone}), ${from} – ${to}`,
    generated: 'Составлен',
    total: 'Проблем',
    noProblems: 'нет',
    totalText: (n: number, look: number, waiting: number, healed: number, closed: number) =>
      `${number('ru', n)} (${[
        `требуют внимания ${number('ru', look)}`,
        `ждут ${number('ru', waiting)}`,
        `исправлено ${number('ru', healed)}`,
        ...(closed > 0 ? [`закрыто вручную ${number('ru', closed)}`] : []),
      ].join(', ')})`,
    read: 'Прочитано',
    readText: (runs: number, fetched: number, written: number, requests: number) =>
      `${counted('ru', runs, { one: 'прогон', few: 'прогона', many: 'прогонов' })}, получено ${counted('ru', fetched, { one: 'запись', few: 'записи', many: 'записей' })}, записано ${number('ru', written)}, ${counted('ru', requests, { one: 'запрос', few: 'запроса', many: 'запросов' })}`,
    nothingRead: 'ничего: в этот день прогонов не было',
    good: 'В этот день проблем не было. Всё прошло.',
    goodIdle: 'В этот день проблем не было, но и ничего не читалось.',
    ofDay: 'Что прочитано',
    readTitles: [
      'Сущность',
      'Прогонов',
      'Полных',
      'Неполных',
      'С ошибкой',
      'Идут',
      'Получено',
      'Новых',
      'Изменено',
      'Без изменений',
      'Удалено',
    ],
    problems: 'Проблемы',
    problemTitles: ['Время (UTC)', 'Сущность', 'Внешний id', 'Номер', 'Вид', 'Сообщение'],
    before: 'была открыта ещё до начала дня',
    moreProblems: (n: number) => `… и ещё ${counted('ru', n, { one: 'проблема', few: 'проблемы', many: 'проблем' })}.`,
    times: (n: number) => counted('ru', n, { one: 'раз', few: 'раза', many: 'раз' }),
    runCounts: (pages: number, parked: number, quarantined: number) =>
      `не пришло страниц: ${number('ru', pages)}, ждут записей: ${number('ru', parked)}, отложено: ${number('ru', quarantined)}`,
    analysis: 'Анализ',
    cause: 'Причина',
    happened: (n: number, first: string, last: string) => {
      const times = counted('ru', n, { one: 'раз', few: 'раза', many: 'раз' });
      return first === last ? `${times}, ${first}.` : `${times}, с ${first} по ${last}.`;
    },
    message: 'Сообщение',
    records: 'Записи',
    andMore: (n: number) => `и ещё ${number('ru', n)}`,
    scenarios: 'Что это может быть',
    applies: 'так и есть',
    possible: 'возможно',
    ruled_out: 'исключено',
    moreCauses: (causes: number, problems: number, kind: string) =>
      `… и ещё ${counted('ru', causes, { one: 'причина', few: 'причины', many: 'причин' })} (${kind}), ${counted('ru', problems, { one: 'проблема', few: 'проблемы', many: 'проблем' })}.`,
    recommendations: 'Рекомендации',
    nothingToDo: 'Делать ничего не нужно.',
    now: 'Записи сейчас',
    nowTitles: ['Сущность', 'Внешний id', 'Номер', 'Тогда', 'Сейчас', 'С (UTC)'],
    healed: 'исправлено',
    waiting: 'ждёт',
    needs_look: 'требует внимания',
    closed: 'закрыто вручную',
    next: 'Дальнейшие шаги',
    nextLook: (cause: string) => `Разобраться: ${cause}.`,
    nextWait: (n: number) =>
      `${counted('ru', n, { one: 'проблема пройдёт', few: 'проблемы пройдут', many: 'проблем пройдут' })} без вмешательства; делать ничего не нужно.`,
    nextDone: 'Всё за этот день прошло. Делать больше нечего.',
    nextAgain: 'Потом составить этот отчёт ещё раз; он покажет, что с записями стало:',
    wholeList: 'весь список',
    runFailed: 'прогон с ошибкой',
    runPartial: 'прогон неполный',
  },
});

export type ReportWords = ReturnType<typeof reportWords>;

/** Kinds of problems in words. */
export const kindWords = dictionary({
  en: {
    missing_parent: 'parent missing',
    invalid_record: 'invalid record',
    rejected: 'request refused',
    unauthorized: 'key refused',
    unavailable: 'vendor unavailable',
    delete_brake: 'delete brake',
    run_failed: 'run failed',
    run_partial: 'run not complete',
    gone_parent: 'parent gone',
    invalid_field: 'invalid field',
    session: 'no session',
    silent_look_up: 'look-up without an answer',
    broken_run: 'run not complete',
  },
  ru: {
    missing_parent: 'нет родителя',
    invalid_record: 'неверная запись',
    rejected: 'запрос отклонён',
    unauthorized: 'ключ не принят',
    unavailable: 'поставщик недоступен',
    delete_brake: 'тормоз удалений',
    run_failed: 'прогон с ошибкой',
    run_partial: 'прогон неполный',
    gone_parent: 'родителя нет',
    invalid_field: 'неверное поле',
    session: 'нет сеанса',
    silent_look_up: 'поиск без ответа',
    broken_run: 'прогон неполный',
  },
});
