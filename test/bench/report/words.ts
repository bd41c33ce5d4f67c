import { dictionary } from '../../../words/dictionary.ts';

export const reportWords = dictionary({
  en: {
    titles: ['what', 'asked', 'median', 'min – max', 'reached', 'how'],
    headline: ['what', 'asked', 'measured', 'min – max', 'reached'],
    yes: 'yes',
    no: 'no',
    machine: 'machine',
    measured: 'measured',
    commit: 'commit',
    cores: (count: number) => `${count} cores`,
    memory: (gb: number) => `${gb} GB of memory`,
    runs: (count: number) => (count === 1 ? '1 run' : `${count} runs`),
    bookings: (count: number) => `${count.toLocaleString('en')} bookings`,
  },
  ru: {
    titles: ['что', 'требуется', 'медиана', 'мин – макс', 'достигнуто', 'как'],
    headline: ['что', 'требуется', 'измерено', 'мин – макс', 'достигнуто'],
    yes: 'да',
    no: 'нет',
    machine: 'машина',
    measured: 'измерено',
    commit: 'коммит',
    cores: (count: number) => `ядер: ${count}`,
    memory: (gb: number) => `памяти: ${gb} ГБ`,
    runs: (count: number) => `прогонов: ${count}`,
    bookings: (count: number) => `броней: ${count.toLocaleString('ru')}`,
  },
});

/** The figures that the design asks for, and what they are called in Russian. */
export const HEADLINES: Readonly<Record<string, string>> = {
  'full load, redis queue': 'полная загрузка, очередь в Redis, записей/с',
  'full load, postgres queue': 'полная загрузка, очередь в PostgreSQL, записей/с',
  'per-record lane': 'по заданию на запись, записей/с',
  'share of it': 'доля от того же BullMQ с пустыми обработчиками, %',
  'unchanged re-sync': 'повтор без изменений, записей/с',
  'rows written by it': 'записано строк при этом',
  'raw upsert of the same rows': 'голый upsert тех же строк страницами, записей/с',
  'row by row': 'построчно, как в скриптах, записей/с',
  'memory of the worker, at most, 1,000,000': 'память воркера, миллион записей, МБ',
  'statements that look at more blocks': 'запросов, читающих больше блоков с ростом таблицы',
  'statements that take longer': 'запросов, ставших дольше с ростом таблицы',
  'webhook to visible row, p95, redis': 'от вебхука до видимой строки, p95, мс',
  'webhook to visible row, p95, postgres': 'от вебхука до видимой строки, очередь в PostgreSQL, p95, мс',
  'compare of 100,000 ids, own time': 'compare 100 000 id, собственное время, с',
  're-queue of 10000 ids accepted, redis queue': 'возврат 10 000 id в очередь принят, мс',
  'budget used': 'использование бюджета RentProg, %',
  'budget used by a first load of LitePMS': 'использование бюджета LitePMS, %',
  'look-ups for 37 missing clients': 'цепочек поиска 37 недостающих клиентов',
  'bookings lost': 'потеряно броней',
};
