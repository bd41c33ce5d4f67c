import type { Language } from './dictionary.ts';

/** What people call the entities; in English their own names do. */
const RUSSIAN: Record<string, string> = {
  clients: 'клиенты',
  bookings: 'брони',
  cars: 'машины',
  rooms: 'номера',
  guests: 'гости',
  products: 'товары',
  product_groups: 'группы товаров',
  product_modifiers: 'модификаторы',
  categories: 'категории',
  stores: 'склады',
  departments: 'подразделения',
  receipts: 'чеки',
  receipt_items: 'позиции чеков',
  receipt_payments: 'оплаты чеков',
};

/** An entity's name for the reader; one without a word of its own stays as it is. */
export function entityWord(entity: string, language: Language): string {
  return (language === 'ru' ? RUSSIAN[entity] : undefined) ?? entity.replaceAll('_', ' ');
}

/** Names of sources are brands; only the one that is ours is translated. */
const RUSSIAN_SOURCES: Record<string, string> = { 'House hotel': 'Наша гостиница' };

/** A source's title for the reader. */
export function sourceWord(title: string, language: Language): string {
  return (language === 'ru' ? RUSSIAN_SOURCES[title] : undefined) ?? title;
}
