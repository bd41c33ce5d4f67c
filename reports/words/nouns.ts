import type { Language } from '../../words/dictionary.ts';
import { counted, type PluralForms } from '../../words/plural.ts';

/** Names of entities in sentences. An entity of a source that is not in here keeps its own word. */
const NOUNS: Record<string, { en: PluralForms; ru: PluralForms }> = {
  clients: {
    en: { one: 'client', other: 'clients' },
    ru: { one: 'клиент', few: 'клиента', many: 'клиентов' },
  },
  bookings: {
    en: { one: 'booking', other: 'bookings' },
    ru: { one: 'бронь', few: 'брони', many: 'броней' },
  },
  cars: {
    en: { one: 'car', other: 'cars' },
    ru: { one: 'автомобиль', few: 'автомобиля', many: 'автомобилей' },
  },
  rooms: {
    en: { one: 'room', other: 'rooms' },
    ru: { one: 'номер', few: 'номера', many: 'номеров' },
  },
  products: {
    en: { one: 'product', other: 'products' },
    ru: { one: 'товар', few: 'товара', many: 'товаров' },
  },
  product_groups: {
    en: { one: 'product group', other: 'product groups' },
    ru: { one: 'группа товаров', few: 'группы товаров', many: 'групп товаров' },
  },
  categories: {
    en: { one: 'category', other: 'categories' },
    ru: { one: 'категория', few: 'категории', many: 'категорий' },
  },
  stores: {
    en: { one: 'store', other: 'stores' },
    ru: { one: 'склад', few: 'склада', many: 'складов' },
  },
  departments: {
    en: { one: 'department', other: 'departments' },
    ru: { one: 'подразделение', few: 'подразделения', many: 'подразделений' },
  },
  receipts: {
    en: { one: 'receipt', other: 'receipts' },
    ru: { one: 'чек', few: 'чека', many: 'чеков' },
  },
  receipt_items: {
    en: { one: 'receipt item', other: 'receipt items' },
    ru: { one: 'строка чека', few: 'строки чека', many: 'строк чека' },
  },
  receipt_payments: {
    en: { one: 'receipt payment', other: 'receipt payments' },
    ru: { one: 'оплата чека', few: 'оплаты чека', many: 'оплат чека' },
  },
};

const RECORD: { en: PluralForms; ru: PluralForms } = {
  en: { one: 'record', other: 'records' },
  ru: { one: 'запись', few: 'записи', many: 'записей' },
};

/** `client`, `клиент`. */
export function nounOf(language: Language, entity: string): string {
  return NOUNS[entity]?.[language].one ?? entity;
}

/** `9 bookings`, `9 броней`; of several entities `9 records`. */
export function recordCount(language: Language, n: number, entities: readonly string[]): string {
  const only = entities.length === 1 ? entities[0] : undefined;
  const known = only === undefined ? undefined : NOUNS[only];
  if (known) return counted(language, n, known[language]);
  return counted(language, n, RECORD[language]) + (only === undefined ? '' : ` (${only})`);
}
