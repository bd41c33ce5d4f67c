import { type Kysely, sql } from 'kysely';

/** Columns that every mirrored table has. */
const mirrored = `
  id uuid primary key,
  source text not null,
  account text not null,
  external_id text not null,
  additional_info jsonb not null default '{}',
  source_created_at timestamptz,
  source_updated_at timestamptz,
  synced_at timestamptz not null default now(),
  deleted_at timestamptz`;

/** `<name>_id uuid` with PostgreSQL's default name for its constraint, and the parent's external id beside it. */
const reference = (table: string, name: string, parent: string, more = '') =>
  `${name}_id uuid constraint ${table}_${name}_id_fkey references ${parent} (id)${more}, ${name}_external_id text`;

/** The vendor has no such flag: what is missing in a complete list is deleted. */
const byTombstone = 'is_deleted boolean not null generated always as (deleted_at is not null) stored';

const tables = [
  `create table departments (${mirrored},
    name text, code text, type text, ${reference('departments', 'parent', 'departments')}, ${byTombstone})`,
  `create table stores (${mirrored},
    name text, code text, type text, ${reference('stores', 'parent', 'departments')}, ${byTombstone})`,
  `create table categories (${mirrored},
    kind text not null constraint categories_kind_check check (kind in ('tax', 'product', 'accounting')),
    name text, code text, vat_percent numeric(7,4), is_deleted boolean not null)`,
  `create table product_groups (${mirrored},
    name text, code text, num text, ${reference('product_groups', 'parent', 'product_groups')}, is_deleted boolean not null)`,
  `create table products (${mirrored},
    code text, num text, name text, description text, type text,
    ${reference('products', 'parent', 'product_groups')},
    ${reference('products', 'tax_category', 'categories')},
    ${reference('products', 'product_category', 'categories')},
    ${reference('products', 'accounting_category', 'categories')},
    main_unit_id text, default_sale_price numeric(14,4), is_deleted boolean not null)`,
  `create table product_modifiers (${mirrored},
    ${reference('product_modifiers', 'product', 'products')},
    modifier_id uuid constraint product_modifiers_modifier_id_fkey references products (id),
    modifier_external_id text, modifier_product_external_id text, parent_modifier_external_id text,
    is_group boolean not null, default_amount numeric(14,4), free_of_charge_amount numeric(14,4),
    minimum_amount numeric(14,4), maximum_amount numeric(14,4), required boolean not null, position integer)`,
  `create table receipts (${mirrored},
    ${reference('receipts', 'department', 'departments')},
    order_external_id text, order_number text, fiscal_cheque_number text,
    opened_at timestamptz, closed_at timestamptz, accounting_date date, session_number text, order_type text,
    waiter text, cashier text, guests integer,
    total numeric(14,4), discount numeric(14,4), vat numeric(14,4), refund numeric(14,4),
    net_total numeric(14,4), paid numeric(14,4), currency text,
    is_deleted boolean not null, is_storned boolean not null, source_order_external_id text)`,
  `create table receipt_items (${mirrored},
    ${reference('receipt_items', 'receipt', 'receipts', ' on delete cascade')},
    ${reference('receipt_items', 'product', 'products')},
    ${reference('receipt_items', 'store', 'stores')},
    sold_with_external_id text, name text, type text, unit text, accounting_date date,
    quantity numeric(14,4), price_total numeric(14,4), discount_total numeric(14,4), total numeric(14,4),
    return_total numeric(14,4), is_deleted boolean not null, is_storned boolean not null)`,
  `create table receipt_payments (${mirrored},
    ${reference('receipt_payments', 'receipt', 'receipts', ' on delete cascade')},
    payment_type_external_id text, payment_type text, payment_group text, operation text, accounting_date date,
    amount numeric(14,4))`,
];

const indexes = [
  // Foreign keys without an index would make every delete of a parent read the whole table.
  'create index departments_parent_id_idx on departments (parent_id)',
  'create index stores_parent_id_idx on stores (parent_id)',
  'create index product_groups_parent_id_idx on product_groups (parent_id)',
  'create index products_parent_id_idx on products (parent_id)',
  'create index products_tax_category_id_idx on products (tax_category_id)',
  'create index products_product_category_id_idx on products (product_category_id)',
  'create index products_accounting_category_id_idx on products (accounting_category_id)',
  'create index product_modifiers_product_id_idx on product_modifiers (product_id)',
  'create index product_modifiers_modifier_id_idx on product_modifiers (modifier_id)',
  'create index receipts_department_id_idx on receipts (department_id)',
  'create index receipts_accounting_date_idx on receipts (accounting_date)',
  'create index receipt_items_receipt_id_idx on receipt_items (receipt_id)',
  'create index receipt_items_product_id_idx on receipt_items (product_id)',
  'create index receipt_items_store_id_idx on receipt_items (store_id)',
  'create index receipt_payments_receipt_id_idx on receipt_payments (receipt_id)',
  // What sums over a period need, so that they read the index alone. PostgreSQL wants the keys of the view's other joins too,
  // also where it leaves those joins out.
  `create index receipt_items_sales_idx on receipt_items (accounting_date)
    include (receipt_id, product_id, store_id, quantity, total, return_total, is_deleted) where deleted_at is null`,
];

/** docs/sales.md explains the columns. What is not asked for is not joined: every join is by a primary key. */
const sales = `create view sales as
  select i.source, i.account, i.accounting_date,
    r.department_id, d.name as department, d.code as department_code,
    i.receipt_id, r.order_number, r.fiscal_cheque_number, r.opened_at, r.closed_at, r.session_number, r.order_type,
    r.waiter, r.cashier, r.guests,
    i.id as item_id, i.product_id, coalesce(p.name, i.name) as product, p.num as product_num, p.code as product_code,
    g.name as product_group, pc.name as product_category, ac.name as accounting_category, i.type as product_type, i.unit,
    i.store_id, s.name as store,
    i.quantity, i.price_total, i.discount_total, i.total as revenue, i.return_total,
    case when coalesce(i.total, 0) = 0 then -coalesce(i.return_total, 0) else i.total end as net_revenue, r.currency,
    (select string_agg(distinct y.payment_type, ', ' order by y.payment_type) from receipt_payments y
      where y.receipt_id = i.receipt_id and y.deleted_at is null) as payment_types,
    i.is_deleted or coalesce(r.is_deleted, false) as is_deleted, i.is_storned,
    r.source_order_external_id is not null as is_refund_receipt, r.source_order_external_id
  from receipt_items i
  left join receipts r on r.id = i.receipt_id
  left join departments d on d.id = r.department_id
  left join products p on p.id = i.product_id
  left join product_groups g on g.id = p.parent_id
  left join categories pc on pc.id = p.product_category_id
  left join categories ac on ac.id = p.accounting_category_id
  left join stores s on s.id = i.store_id
  where i.deleted_at is null`;

const core = [
  // Where a record lies, for sets that are complete. In the order of its bytes, so that a beginning is a range.
  'alter table source_records add column place text collate "C"',
  'create index source_records_place_idx on source_records (source, entity, scope, place) where place is not null',

  // The session at a vendor where one occupies something, shared by all processes. The token is a secret.
  `create table source_sessions (
    source text not null,
    account text not null,
    token text,
    expires_at timestamptz,
    opened_at timestamptz,
    used_at timestamptz not null default clock_timestamp(),
    -- A request is at work at the vendor until then, whatever became of the process that sent it.
    busy_until timestamptz,
    primary key (source, account)
  )`,

  // The fields that a source really sends, by path.
  `create table source_fields (
    source text not null,
    entity text not null,
    path text not null,
    types text[] not null,
    first_seen_at timestamptz not null default clock_timestamp(),
    -- It was not there when the entity was looked at first.
    is_drift boolean not null,
    gone_at timestamptz,
    -- Of the last analysis.
    look jsonb,
    looked_at timestamptz,
    primary key (source, entity, path)
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes, sales, ...core]) await sql.raw(statement).execute(db);
}
