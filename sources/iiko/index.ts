import { z } from 'zod';
import { defineSource, type EntityDefinition } from '../define-source.ts';
import { about } from './about.ts';
import { categories } from './categories.ts';
import type { Mapping } from './define-mapping.ts';
import { departments, stores } from './departments.ts';
import { faultOf } from './faults.ts';
import { oneOfList, type ReadBody, readCorporateItems, wholeList } from './lists.ts';
import { modifierSet, productModifiers } from './modifiers.ts';
import { options } from './options.ts';
import { productGroups } from './product-groups.ts';
import { products } from './products.ts';
import { receiptItems, receiptPayments, receipts } from './receipts.ts';
import {
  categoryList,
  departmentList,
  type ListRequest,
  productGroupList,
  productList,
  readList,
  storeList,
} from './requests.ts';
import { salesListing } from './sales.ts';
import { authorize, closeSession, openSession } from './session.ts';

const SECOND = 1000;

const listed = (mapping: Mapping, request: ListRequest, read: ReadBody = readList): EntityDefinition => ({
  ...mapping,
  listing: wholeList(request, read),
  one: oneOfList(request, read),
});
const productsListed = listed(products, productList);
const partOf = (of: Pick<EntityDefinition, 'name' | 'listing'>, mapping: Mapping): EntityDefinition => ({
  ...mapping,
  partOf: of.name,
  listing: of.listing,
});
const receiptsListed = { ...receipts, listing: salesListing };

/** iiko, restaurants. Facts and their evidence: README.md beside this file. */
export const source = defineSource({
  name: 'iiko',
  title: 'iiko',
  // Every server has an address of its own.
  baseUrl: '',
  // No limit is known but one request at a time; this is only there so that a pause can be kept.
  limits: { read: '6000/min' },
  schedule: {
    departments: '1h',
    stores: '1h',
    categories: '1h',
    product_groups: '1h',
    products: '15m',
    receipts: '10m',
    full: '0 4 * * *',
  },
  account: z.strictObject({ login: z.string().min(1), password: z.string().min(1) }),
  options,
  timeoutMs: 30 * SECOND,
  faultOf,
  sequential: true,
  openSession,
  closeSession,
  authorize,
  sessionIdleMs: 60 * SECOND,
  about,
  entities: [
    listed(departments, departmentList, readCorporateItems),
    listed(stores, storeList, readCorporateItems),
    listed(categories, categoryList),
    listed(productGroups, productGroupList),
    { ...productsListed, sets: (product) => [modifierSet(product)].filter((set) => set !== undefined) },
    partOf(productsListed, productModifiers),
    receiptsListed,
    partOf(receiptsListed, receiptItems),
    partOf(receiptsListed, receiptPayments),
  ],
  aliases: { sales: 'receipts' },
  // Loaded on demand: a production process has no use for it.
  simulate: async (simulation) => (await import('./simulate.ts')).simulate(simulation),
});
