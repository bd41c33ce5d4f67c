import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../sources/define-source.ts';
import { Unavailable } from '../../sources/errors.ts';
import { categories } from '../../sources/iiko/categories.ts';
import { corporateItems, type XmlElement } from '../../sources/iiko/corporate-items.ts';
import type { Mapping } from '../../sources/iiko/define-mapping.ts';
import { departments, stores } from '../../sources/iiko/departments.ts';
import { modifierSet, productModifiers } from '../../sources/iiko/modifiers.ts';
import { hashPassword } from '../../sources/iiko/password.ts';
import { productGroups } from '../../sources/iiko/product-groups.ts';
import { products } from '../../sources/iiko/products.ts';
import {
  categoryList,
  type ListRequest,
  productGroupList,
  productList,
  readList,
  shiftList,
} from '../../sources/iiko/requests.ts';
import { type IikoSimulator, startIikoSimulator } from '../../sources/iiko/simulator.ts';

const account = {
  source: 'iiko',
  name: 'main',
  timezone: 'Asia/Almaty',
  currency: 'KZT',
  options: {},
} as unknown as Account;

let simulator: IikoSimulator;
let token: string;
beforeAll(async () => {
  simulator = await startIikoSimulator({ today: '2026-10-05', days: 3, lines: 100 });
  const pass = hashPassword(simulator.password);
  token = (await (await fetch(`${simulator.url}/auth?login=${simulator.login}&pass=${pass}`)).text()).trim();
});
afterAll(() => simulator.close());

async function read(request: ListRequest): Promise<Record<string, unknown>[]> {
  const query = new URLSearchParams(request.query);
  const response = await fetch(`${simulator.url}${request.path}?${query}`, { headers: { cookie: `key=${token}` } });
  expect(response.status).toBe(200);
  return readList(await response.text(), request);
}

const rowOf = (mapping: Mapping, record: object) => mapping.toRow(mapping.schema.parse(record), account);

describe('lists', () => {
  test('ask for deleted records too, for products, groups and the three kinds of categories', async () => {
    const truth = simulator.truth();
    expect(await read(productList)).toEqual(truth.products);
    expect(await read(productGroupList)).toEqual(truth.groups);
    expect(await read(categoryList)).toEqual(truth.categories);
    expect([truth.products, truth.groups, truth.categories].every((all) => all.some((row) => row.deleted))).toBe(true);
  });

  test('ask for shifts of every status', async () => {
    const rows = await read(shiftList('2026-10-04', '2026-10-05'));
    expect(new Set(rows.map(({ sessionStatus }) => sessionStatus))).toEqual(new Set(['OPEN', 'CLOSED']));
  });

  test.each(['{"data":[]}', 'null', '[1]', '[[]]', '"[]"', '[{}', ''])('are no list when they are %j', (body) => {
    expect(() => readList(body, productList)).toThrow(Unavailable);
  });
});

describe('a product', () => {
  const product = {
    id: 'p1',
    deleted: true,
    name: 'Тестовый суп &amp; хлеб ',
    description: '',
    num: '00011',
    code: '',
    parent: 'g1',
    modifiers: [],
    taxCategory: null,
    category: 'c2',
    accountingCategory: 'c3',
    mainUnit: 'u1',
    defaultSalePrice: '250.123456789012345678',
    type: 'DISH',
    unitWeight: 0.35,
  };

  test('becomes a row in which a deletion is data, and leading zeros and long prices are kept', () => {
    expect(rowOf(products, product)).toEqual({
      name: 'Тестовый суп & хлеб',
      code: null,
      num: '00011',
      description: null,
      type: 'DISH',
      parent_external_id: 'g1',
      tax_category_external_id: null,
      product_category_external_id: 'c2',
      accounting_category_external_id: 'c3',
      main_unit_id: 'u1',
      default_sale_price: '250.123456789012345678',
      is_deleted: true,
    });
  });

  test('of an older server may have an id and a name alone', () => {
    expect(rowOf(products, { id: 'p1', name: 'Суп' })).toMatchObject({ name: 'Суп', is_deleted: false, type: null });
    expect(modifierSet({ id: 'p1', name: 'Суп' })).toBeUndefined();
  });

  test('refers by columns that its row has', () => {
    for (const mapping of [products, productModifiers, productGroups, departments, stores]) {
      const row = rowOf(mapping, { ...product, id: 'x', product: 'p', modifier: 'm', position: 0 });
      for (const { from } of mapping.references) expect(row).toHaveProperty(from);
    }
  });

  test('every product, group and category of a server is readable', () => {
    const truth = simulator.truth();
    for (const row of truth.products) expect(rowOf(products, row).name).toEqual(expect.any(String));
    for (const row of truth.groups) expect(rowOf(productGroups, row).name).toEqual(expect.any(String));
    for (const row of truth.categories) expect(rowOf(categories, row).kind).toMatch(/^(tax|product|accounting)$/);
  });
});

describe('modifiers', () => {
  const modifier = (id: string, childModifiers: unknown = null) => ({
    modifier: id,
    defaultAmount: 0,
    freeOfChargeAmount: 0,
    minimumAmount: 1,
    maximumAmount: 2,
    required: true,
    childModifiers,
  });
  const product = {
    id: 'p1',
    modifiers: [modifier('m1'), modifier('g1', [modifier('m1'), modifier('m2')]), modifier('m1'), modifier('m3', [])],
  };

  test('of groups stand beside the others, each under a key of its own', () => {
    const set = modifierSet(product);
    expect(set).toMatchObject({ entity: 'product_modifiers', covers: 'p1' });
    expect(set?.records.map(({ id, isGroup, position }) => [id, isGroup, position])).toEqual([
      ['p1.-.m1', false, 0],
      ['p1.-.g1', true, 1],
      ['p1.g1.m1', false, 0],
      ['p1.g1.m2', false, 1],
      ['p1.-.m1.2', false, 2],
      ['p1.-.m3', false, 3],
    ]);
  });

  test('point at a product, and a group at none', () => {
    const [single, group, child] = modifierSet(product)?.records ?? [];
    expect(rowOf(productModifiers, single ?? {})).toMatchObject({
      product_external_id: 'p1',
      modifier_external_id: 'm1',
      modifier_product_external_id: 'm1',
      is_group: false,
      minimum_amount: '1',
      maximum_amount: '2',
      required: true,
      position: 0,
    });
    expect(rowOf(productModifiers, group ?? {})).toMatchObject({ modifier_product_external_id: null, is_group: true });
    expect(rowOf(productModifiers, child ?? {})).toMatchObject({ parent_modifier_external_id: 'g1' });
  });

  test('a product without any has an empty set, which is not the same as no word of them', () => {
    expect(modifierSet({ id: 'p1', modifiers: [] })).toMatchObject({ covers: 'p1', records: [] });
    expect(modifierSet({ id: 'p1', modifiers: null })).toBeUndefined();
  });

  test('an entry that is no modifier is seen as an invalid record', () => {
    const records = modifierSet({ id: 'p1', modifiers: [null, 'm1', {}] })?.records ?? [];
    expect(records).toHaveLength(3);
    for (const record of records) {
      expect(productModifiers.key(record)).toBeUndefined();
      expect(productModifiers.schema.safeParse(record).success).toBe(false);
    }
  });

  test('of every product of a server are readable', () => {
    const records = simulator.truth().products.flatMap((row) => modifierSet(row)?.records ?? []);
    expect(records.length).toBeGreaterThan(20);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    for (const record of records) expect(rowOf(productModifiers, record).modifier_external_id).toEqual(record.modifier);
  });
});

describe('categories', () => {
  test('have a kind, and taxes a rate', () => {
    const row = { id: 'c1', rootType: 'TaxCategory', deleted: false, code: null, name: ' НДС', vatPercent: 12 };
    expect(rowOf(categories, row)).toEqual({
      kind: 'tax',
      name: 'НДС',
      code: null,
      vat_percent: '12',
      is_deleted: false,
    });
    expect(categories.schema.safeParse({ ...row, rootType: 'MeasureUnit' }).success).toBe(false);
  });
});

describe('corporate items', () => {
  const text = (textContent: string): XmlElement => ({
    nodeType: 3,
    nodeName: '#text',
    textContent,
    childNodes: listOf([]),
  });
  const listOf = (nodes: XmlElement[]) => ({ length: nodes.length, item: (at: number) => nodes[at] ?? null });
  const element = (nodeName: string, ...children: (XmlElement | string)[]): XmlElement => {
    const nodes = children.map((child) => (typeof child === 'string' ? text(child) : child));
    return {
      nodeType: 1,
      nodeName,
      textContent: nodes.map((node) => node.textContent).join(''),
      childNodes: listOf(nodes),
    };
  };
  const what = 'GET /corporation/stores';

  test('are records of texts: codes keep their zeros, empty elements are null', () => {
    const item = element(
      'corporateItemDto',
      element('id', 's1'),
      '\n  ',
      element('parentId', 'd1'),
      element('code', '01'),
      element('name', ' Кухня <1> '),
      element('type', 'STORE'),
      element('taxpayerIdNumber'),
      element('jurPersonAdditionalPropertiesDto', element('address', 'Тестовая 1')),
    );
    const [record, ...others] = corporateItems(element('corporateItemDtoes', '\n', item), what);
    expect(others).toEqual([]);
    expect(record).toEqual({
      id: 's1',
      parentId: 'd1',
      code: '01',
      name: 'Кухня <1>',
      type: 'STORE',
      taxpayerIdNumber: null,
      jurPersonAdditionalPropertiesDto: { address: 'Тестовая 1' },
    });
    expect(rowOf(stores, record ?? {})).toEqual({
      name: 'Кухня <1>',
      code: '01',
      type: 'STORE',
      parent_external_id: 'd1',
    });
    expect(rowOf(departments, { ...record, parentId: null })).toMatchObject({ parent_external_id: null });
  });

  test('may be none, but another document is never taken for none', () => {
    expect(corporateItems(element('corporateItemDtoes'), what)).toEqual([]);
    expect(() => corporateItems(element('html', element('body')), what)).toThrow(Unavailable);
    expect(() => corporateItems(element('corporateItemDtoes', element('error')), what)).toThrow(Unavailable);
  });
});
