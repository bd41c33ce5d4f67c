import { idOf } from './ids.ts';
import { createRandom, hash, int, pick } from './random.ts';
import type { Settings } from './settings.ts';
import type { Json, RawEntity, RawGroup, RawProduct, RootType } from './types.ts';

const NAMES = [
  'Тестовый суп',
  'Салат «Пример»',
  'Кофе &amp; пробник ',
  'Макет пирога',
  'Чай образцовый',
  'Sample Latte',
];
const TYPES = ['DISH', 'DISH', 'DISH', 'GOODS', 'PREPARED', 'SERVICE'];
const CATEGORIES: Record<RootType, string[]> = {
  TaxCategory: ['НДС 12%', 'Без НДС', 'НДС старый'],
  ProductCategory: ['Блюда', 'Напитки', 'Прочее '],
  AccountingCategory: ['Кухня', 'Бар'],
};
const VAT = [12, 0, 10];
const GROUPS = 8;

/** Every seventh product is a modifier, so that dishes have something to modify them with. */
export const isModifier = (index: number): boolean => index % 7 === 6;

export interface Catalogue {
  products: Map<string, RawProduct>;
  groups: Map<string, RawGroup>;
  categories: Map<string, RawEntity>;
}

/** Products, groups and categories as the lists serve them; each map is by id, in the order of the list. */
export function createCatalogue({ seed, products }: Settings): Catalogue {
  const groups = Array.from({ length: GROUPS }, (_, index) => createGroup(seed, index));
  const categories = Object.entries(CATEGORIES).flatMap(([rootType, names], kind) =>
    names.map((name, index): RawEntity => {
      const row = { id: categoryId(seed, kind, index), rootType, deleted: index === 2, code: null, name };
      return rootType === 'TaxCategory' ? { ...row, vatPercent: VAT[index] as number } : row;
    }),
  );
  const list = Array.from({ length: products }, (_, index) => createProduct(seed, index, products));
  const byId = <T extends { id: string }>(rows: T[]) => new Map(rows.map((row) => [row.id, row]));
  return { products: byId(list), groups: byId(groups), categories: byId(categories) };
}

const categoryId = (seed: number, kind: number, index: number): string => idOf(seed, 'category', kind * 16 + index);

function createGroup(seed: number, index: number): RawGroup {
  return {
    id: idOf(seed, 'group', index),
    deleted: index === GROUPS - 1,
    name: `Группа ${index + 1} `,
    description: null,
    num: String(20 + index),
    code: '',
    parent: index < 3 ? null : idOf(seed, 'group', index % 3),
    modifiers: [],
    taxCategory: null,
    category: null,
    accountingCategory: null,
    visibilityFilter: null,
    position: index,
  };
}

/** The fields of a product with the index; index from `count` on makes further ones. */
export function createProduct(seed: number, index: number, count: number): RawProduct {
  const random = createRandom(hash(seed, 11, index));
  const type = isModifier(index) ? 'MODIFIER' : pick(random, TYPES);
  const product: RawProduct = {
    id: idOf(seed, 'product', index),
    deleted: random() < 0.05,
    name: `${pick(random, NAMES)} ${index + 1}${random() < 0.1 ? ' ' : ''}`,
    description: random() < 0.3 ? 'Острое &lt;3' : null,
    // Neither is unique: every fiftieth repeats the one before, and quick codes are often empty.
    num: String(index % 50 === 49 ? 10_000 + index - 1 : 10_000 + index).padStart(5, '0'),
    code: random() < 0.4 ? '' : String(index % 90),
    parent: random() < 0.1 ? null : idOf(seed, 'group', int(random, GROUPS)),
    modifiers: type === 'DISH' ? modifiersOf(seed, index, count) : [],
    taxCategory: random() < 0.2 ? null : categoryId(seed, 0, int(random, 3)),
    category: random() < 0.2 ? null : categoryId(seed, 1, int(random, 3)),
    accountingCategory: categoryId(seed, 2, int(random, 2)),
    mainUnit: idOf(seed, 'unit', int(random, 2)),
    placeType: null,
    defaultSalePrice: priceOf(seed, index),
    type,
    unitWeight: 0.35,
    unitCapacity: 0,
    notInStoreMovement: false,
    color: { red: 255, green: int(random, 256), blue: 0 },
    barcodes: random() < 0.2 ? [{ barcode: `200000000${index}`, containerId: null }] : [],
  };
  // The manual spells it in two ways.
  product[index % 2 === 0 ? 'defaultIncludedInMenu' : 'defaultIncludeInMenu'] = random() < 0.8;
  return product;
}

/** Card price of the product, in the account's money. */
export const priceOf = (seed: number, index: number): number => 50 + (hash(seed, 12, index) % 2000) / 4;

function modifiersOf(seed: number, index: number, count: number): Json[] {
  const random = createRandom(hash(seed, 13, index));
  if (random() < 0.5) return [];
  const single = nearbyModifier(index, count);
  const inGroup = [nearbyModifier(index + 7, count), nearbyModifier(index + 14, count)];
  const group = modifier(idOf(seed, 'group', int(random, GROUPS)), random, [
    ...new Set(inGroup.map((each) => idOf(seed, 'product', each))),
  ]);
  return random() < 0.5 ? [modifier(idOf(seed, 'product', single), random, null), group] : [group];
}

/** Index of a modifier product. */
export const nearbyModifier = (index: number, count: number): number =>
  (Math.floor(index / 7) % Math.max(1, Math.floor(count / 7))) * 7 + 6;

function modifier(id: string, random: () => number, children: string[] | null): Json {
  const isRequired = random() < 0.3;
  return {
    modifier: id,
    defaultAmount: random() < 0.2 ? 1 : 0,
    freeOfChargeAmount: 0,
    minimumAmount: isRequired ? 1 : 0,
    maximumAmount: 1 + int(random, 3),
    hideIfDefaultAmount: false,
    required: isRequired,
    childModifiersHaveMinMaxRestrictions: children !== null,
    splittable: false,
    childModifiers: children === null ? null : children.map((child) => modifier(child, random, null)),
  };
}
