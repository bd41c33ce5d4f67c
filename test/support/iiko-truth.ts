import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '../../db/connection.ts';
import type { Account } from '../../sources/define-source.ts';
import type { Fields, IikoSimulator, RawProduct, TrueReceipt, Truth } from '../../sources/iiko/simulator.ts';
import { rowIds, spokenText as text } from './expect-rows.ts';

/*
 * What the tables must hold, worked out from the vendor's raw records by rules of its own: nothing here is shared with the
 * mapping that is being tested.
 */

/** The server's account, as the settings would give it. */
export function iikoAccount(
  { url, login, password, departments }: IikoSimulator,
  options: Record<string, string> = {},
): Account {
  const departmentTimezones = departments.map(({ olapId, timezone }) => `${olapId}=${timezone}`).join(', ');
  return {
    source: 'iiko',
    name: 'main',
    baseUrl: url,
    timezone: 'Asia/Almaty',
    currency: 'KZT',
    credentials: { login, password },
    options: { departmentTimezones, ...options },
  };
}

/** As `numeric(14,4)` holds it: four digits, halves away from zero. */
export function fourDigits(amount: string | number): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(amount)) ?? [];
  const tenth = BigInt(whole + fraction.padEnd(5, '0').slice(0, 5));
  const rounded = ((tenth + 5n) / 10n).toString().padStart(5, '0');
  const said = `${rounded.slice(0, -4)}.${rounded.slice(-4)}`;
  return /^[0.]+$/.test(said) ? said : sign + said;
}

type Rows = Record<string, unknown>[];

async function rowsOf(db: Db, table: string, columns: string): Promise<Rows> {
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.raw(columns)} from ${sql.table(table)} where deleted_at is null order by external_id collate "C"`.execute(
    db,
  );
  return rows;
}

const byId = (rows: Rows): Rows => rows.sort((a, b) => (String(a.external_id) < String(b.external_id) ? -1 : 1));

interface Modifier extends Fields {
  modifier: string;
  childModifiers: Modifier[] | null;
}

function modifiersOf(product: RawProduct): Rows {
  return (product.modifiers as Modifier[]).flatMap((each) => {
    const isGroup = (each.childModifiers ?? []).length > 0;
    const own = { product: product.id, modifier: each.modifier, parent: null, is_group: isGroup };
    const children = (each.childModifiers ?? []).map((child) => ({
      ...{ product: product.id, modifier: child.modifier, parent: each.modifier, is_group: false },
    }));
    return [own, ...children];
  });
}

/** Departments, stores, categories, groups, products and modifiers are those of the vendor, with their links. */
export async function expectCatalogueMirrored(db: Db, simulator: IikoSimulator): Promise<void> {
  const truth = simulator.truth();
  const ids = {
    groups: await rowIds(db, 'product_groups'),
    categories: await rowIds(db, 'categories'),
    products: await rowIds(db, 'products'),
    departments: await rowIds(db, 'departments'),
  };
  const idOf = (of: Map<string, string>, id: unknown) => (id === null ? null : (of.get(String(id)) ?? 'missing'));
  expect(
    await rowsOf(
      db,
      'products',
      'external_id, name, num, code, description, type, default_sale_price, is_deleted, parent_id, tax_category_id, product_category_id, accounting_category_id, main_unit_id',
    ),
  ).toEqual(
    byId(
      truth.products.map((product) => ({
        external_id: product.id,
        name: text(product.name),
        num: text(product.num),
        code: text(product.code),
        description: text(product.description)?.replace('&lt;', '<') ?? null,
        type: product.type,
        default_sale_price: fourDigits(product.defaultSalePrice as number),
        is_deleted: product.deleted,
        parent_id: idOf(ids.groups, product.parent),
        tax_category_id: idOf(ids.categories, product.taxCategory),
        product_category_id: idOf(ids.categories, product.category),
        accounting_category_id: idOf(ids.categories, product.accountingCategory),
        main_unit_id: product.mainUnit,
      })),
    ),
  );
  expect(await rowsOf(db, 'product_groups', 'external_id, name, num, is_deleted, parent_id')).toEqual(
    byId(
      truth.groups.map((group) => ({
        external_id: group.id,
        name: text(group.name),
        num: group.num,
        is_deleted: group.deleted,
        parent_id: idOf(ids.groups, group.parent),
      })),
    ),
  );
  const kinds: Record<string, string> = {
    TaxCategory: 'tax',
    ProductCategory: 'product',
    AccountingCategory: 'accounting',
  };
  expect(await rowsOf(db, 'categories', 'external_id, kind, name, is_deleted')).toEqual(
    byId(
      truth.categories.map((category) => ({
        external_id: category.id,
        kind: kinds[category.rootType],
        name: text(category.name),
        is_deleted: category.deleted,
      })),
    ),
  );
  expect(await rowsOf(db, 'stores', 'external_id, name, code, parent_id')).toEqual(
    byId(
      truth.stores.map((store) => ({
        external_id: store.id,
        name: text(store.name),
        code: text(store.code),
        parent_id: idOf(ids.departments, store.departmentId),
      })),
    ),
  );
  const departments = await rowsOf(db, 'departments', 'external_id, name, type, parent_id');
  expect(departments.filter(({ type }) => type === 'DEPARTMENT')).toEqual(
    byId(
      truth.departments.map((department) => ({
        external_id: department.id,
        name: text(department.name),
        type: 'DEPARTMENT',
        parent_id: ids.departments.get('00000000-0000-4000-8000-00000000c001'),
      })),
    ),
  );
  const modifiers = await rowsOf(
    db,
    'product_modifiers',
    'product_external_id as product, modifier_external_id as modifier, parent_modifier_external_id as parent, is_group, product_id is not null and (is_group or modifier_id is not null) as linked',
  );
  const line = (row: Record<string, unknown>) => JSON.stringify([row.product, row.parent, row.modifier, row.is_group]);
  expect(modifiers.map(line).sort()).toEqual(truth.products.flatMap(modifiersOf).map(line).sort());
  expect(modifiers.filter(({ linked }) => linked !== true)).toEqual([]);
}

const receiptId = (receipt: { departmentId: string; orderId: string }) => `${receipt.departmentId}.${receipt.orderId}`;

function receiptRow(receipt: TrueReceipt) {
  return {
    external_id: receiptId(receipt),
    accounting_date: receipt.date,
    order_number: String(receipt.number),
    guests: receipt.guests,
    total: fourDigits(receipt.revenue),
    refund: fourDigits(receipt.returned),
    vat: fourDigits(receipt.vat),
    is_deleted: receipt.deleted,
    source_order_external_id: receipt.sourceOrderId,
  };
}

/** Every receipt, line and payment of the period is as the vendor has it, and none is too many. */
export async function expectSalesMirrored(
  db: Db,
  simulator: IikoSimulator,
  period?: { from: string; to: string },
  compared: { stores: boolean } = { stores: true },
): Promise<Truth> {
  const truth = simulator.truth(period);
  const columns = Object.keys(receiptRow(truth.receipts[0]!)).join(', ');
  expect(await rowsOf(db, 'receipts', columns)).toEqual(byId(truth.receipts.map(receiptRow)));
  const [products, stores] = [await rowIds(db, 'products'), await rowIds(db, 'stores')];
  const itemColumns =
    'external_id, receipt_id, quantity, price_total, total, return_total, is_storned, product_external_id, product_id' +
    (compared.stores ? ', store_id' : '');
  const receipts = await rowIds(db, 'receipts');
  expect(await rowsOf(db, 'receipt_items', itemColumns)).toEqual(
    byId(
      truth.lines.map((line) => ({
        external_id: `${receiptId(line)}.${line.lineId}`,
        receipt_id: receipts.get(receiptId(line)),
        quantity: fourDigits(line.quantity),
        price_total: fourDigits(line.sum),
        total: fourDigits(line.revenue),
        return_total: fourDigits(line.returned),
        is_storned: line.storned,
        product_external_id: line.productId,
        product_id: products.get(line.productId) ?? null,
        ...(compared.stores && { store_id: line.storeId === null ? null : (stores.get(line.storeId) ?? null) }),
      })),
    ),
  );
  expect(await rowsOf(db, 'receipt_payments', 'external_id, receipt_id, amount')).toEqual(
    byId(
      truth.payments.map((payment) => ({
        external_id: `${receiptId(payment)}.${payment.typeId ?? '-'}.${payment.operation}`,
        receipt_id: receipts.get(receiptId(payment)),
        amount: fourDigits(payment.amount),
      })),
    ),
  );
  return truth;
}
