const en = {
  title: 'Overview',
  queues: 'Queues',
  health: 'Process',
  ready: 'Readiness',
  metrics: 'Metrics',
  pages: 'Pages',
  caption: 'Last run of every entity',
  source: 'Source',
  account: 'Account',
  entity: 'Entity',
  status: 'Status',
  started: 'Started',
  never: 'not yet',
  running: 'running',
  succeeded: 'succeeded',
  partial: 'partial',
  failed: 'failed',
  fetched: 'Fetched',
  inserted: 'Inserted',
  updated: 'Updated',
  unchanged: 'Unchanged',
  stale: 'Stale',
  parked: 'Parked',
  quarantined: 'Quarantined',
  deleted: 'Deleted',
};

export type Words = typeof en;

const ru: Words = {
  title: 'Обзор',
  queues: 'Очереди',
  health: 'Процесс',
  ready: 'Готовность',
  metrics: 'Метрики',
  pages: 'Страницы',
  caption: 'Последний запуск каждой сущности',
  source: 'Источник',
  account: 'Аккаунт',
  entity: 'Сущность',
  status: 'Состояние',
  started: 'Начат',
  never: 'ещё не было',
  running: 'идёт',
  succeeded: 'успешно',
  partial: 'частично',
  failed: 'ошибка',
  fetched: 'Получено',
  inserted: 'Добавлено',
  updated: 'Изменено',
  unchanged: 'Без изменений',
  stale: 'Устарело',
  parked: 'Ждут',
  quarantined: 'В карантине',
  deleted: 'Удалено',
};

export interface Language {
  tag: 'en' | 'ru';
  locale: string;
  words: Words;
}

const LANGUAGES: Record<Language['tag'], Language> = {
  en: { tag: 'en', locale: 'en-GB', words: en },
  ru: { tag: 'ru', locale: 'ru-RU', words: ru },
};

/** The one an `Accept-Language` header likes best; English when it likes neither. */
export function languageOf(header: string | undefined): Language {
  const liked = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const q = parameters.find((parameter) => parameter.trim().startsWith('q='));
    return { tag: tag.split('-')[0], q: q ? Number(q.trim().slice(2)) : 1 };
  });
  const best = liked.filter(({ tag, q }) => q > 0 && (tag === 'en' || tag === 'ru')).sort((a, b) => b.q - a.q)[0];
  return best?.tag === 'ru' ? LANGUAGES.ru : LANGUAGES.en;
}
