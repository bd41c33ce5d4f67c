import type { Amount } from './amounts.ts';

export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
export type Fields = { [field: string]: Json };

export interface Department {
  id: string;
  name: string;
  code: string;
  /** The id that OLAP knows it by: the same, unless `otherOlapIds` is on. */
  olapId: string;
  timezone: string;
}
export interface Store {
  id: string;
  name: string;
  code: string;
  departmentId: string;
}
/** As the lists serve it. */
export interface RawProduct extends Fields {
  id: string;
  name: string;
  deleted: boolean;
  type: string;
}
export interface RawGroup extends Fields {
  id: string;
  name: string;
  deleted: boolean;
}
export type RootType = 'TaxCategory' | 'ProductCategory' | 'AccountingCategory';
export interface RawEntity extends Fields {
  id: string;
  rootType: string;
  deleted: boolean;
  name: string;
}

export interface Line {
  id: string;
  /** Line that this modifier belongs to. */
  soldWith: string | null;
  productId: string;
  name: string;
  type: string;
  code: string;
  measureUnit: string;
  storeId: string | null;
  quantity: Amount;
  /** Before discounts. */
  sum: Amount;
  /** After discounts: revenue. */
  revenue: Amount;
  returned: Amount;
  vat: Amount;
  storned: boolean;
  writeoff: 'NOT_DELETED' | 'DELETED_WITH_WRITEOFF' | 'DELETED_WITHOUT_WRITEOFF';
}
export interface Payment {
  id: string;
  typeId: string | null;
  name: string;
  group: string;
  operation: string;
  /** Its share of whatever the receipt comes to. */
  weight: Amount;
}
export interface Receipt {
  id: string;
  department: Department;
  /** Accounting day: the opening day of its cash shift. */
  date: string;
  number: number;
  fiscalChequeNumber: string | null;
  openTime: string;
  closeTime: string;
  sessionId: string;
  sessionNumber: number;
  orderType: { id: string; name: string };
  guests: number;
  waiter: { id: string; name: string } | null;
  cashier: { id: string; name: string };
  sourceOrderId: string | null;
  deleted: boolean;
  lines: Line[];
  payments: Payment[];
}
export interface Shift {
  id: string;
  department: Department;
  number: number;
  /** Accounting day. */
  date: string;
  openDate: string;
  closeDate: string | null;
  acceptDate: string | null;
  status: 'OPEN' | 'CLOSED' | 'ACCEPTED';
}

/**
 * Numbers are rates 0…1 unless said otherwise; 0, false, null and [] are off. Passing faults never hit the same request
 * more than three times in a row, unless a rate is 1.
 */
export interface Faults {
  /** HTTP 200 with the HTML page of a server that is starting; on `/auth` too. */
  restartPage: number;
  /** Somebody else sits on the licence: every login is refused. */
  licenceTaken: boolean;
  /** 401 before its time; the token stays dead and its slot is free again. */
  expiredToken: number;
  /** 500 with the text of an exception. */
  serverError: number;
  /** The socket is destroyed without an answer. */
  reset: number;
  slow: { ms: number; rate: number };
  /** An OLAP answer of more rows than `rows` takes `ms`. Days of one department are smaller. */
  bigDays: { rows: number; ms: number } | null;
  /** HTTP 200 and half of the body. */
  truncated: number;
  /** OLAP: HTTP 200 and JSON whose `data` is no list. */
  malformedOlap: number;
  /** OLAP: HTTP 200 and no rows, whatever the day holds. */
  emptyOlap: number;
  /** OLAP: this accounting day answers 500 until cleared. */
  failDay: string | null;
  /** Fields that this server's version does not have: not in `columns`, refused in a query. */
  missingColumns: string[];
  /** Dimensions that tear a line into two rows of one line key. */
  splittingColumns: string[];
  /** `OpenDate.Typed` as `2025-03-18T00:00:00` instead of `2025-03-18`. */
  longDates: boolean;
  /** Measures as JSON strings. */
  numbersAsText: boolean;
  /** Measures with twenty decimals: more than a JavaScript number holds. */
  longNumbers: boolean;
  /** XML lists: a document type with an entity is put in front, and used. */
  hostileXml: boolean;
}

export interface IikoSimulatorOptions {
  seed?: number;
  /** Newest day with sales, `YYYY-MM-DD`; default: today in UTC. Its shifts are open. */
  today?: string;
  /** Days with sales, `today` included; default 30. */
  days?: number;
  /** About how many receipt lines in all these days; default 3000. */
  lines?: number;
  departments?: { name: string; timezone: string }[];
  products?: number;
  /** Products of one line each that no list has. */
  goneProducts?: number;
  /** Lines whose store no list has. */
  goneStores?: number;
  /** OLAP knows departments by ids that the corporation list does not have. */
  otherOlapIds?: boolean;
  login?: string;
  password?: string;
  /** Licence connections; default 1. */
  licences?: number;
  tokenLifetimeMs?: number;
  latencyMs?: [number, number];
  faults?: Partial<Faults>;
  /** 0, the default: any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
}

export interface Requests {
  total: number;
  /** By path, without the query. */
  byPath: Record<string, number>;
  /** Bodies of the OLAP requests, in order. */
  olap: Fields[];
  /** The vendor wants them strictly one after another: more than 1 is a client's fault. */
  maxInFlight: number;
  logins: number;
  logouts: number;
  /** Times (epoch milliseconds) of logins refused for want of a licence. */
  refusedLogins: number[];
  /** Logins whose `pass` was the plain password. */
  plainPasswords: number;
  /** Sessions that were alive at one moment. */
  maxSessions: number;
  unauthorized: number;
}

/** What a complete mirror must hold. Amounts are decimal text. */
export interface Truth {
  departments: Department[];
  stores: Store[];
  products: RawProduct[];
  groups: RawGroup[];
  categories: RawEntity[];
  shifts: Shift[];
  receipts: TrueReceipt[];
  lines: TrueLine[];
  payments: TruePayment[];
  goneProductIds: string[];
  goneStoreIds: string[];
}
export interface TrueReceipt {
  departmentId: string;
  orderId: string;
  date: string;
  openTime: string;
  closeTime: string;
  number: number;
  guests: number;
  lines: number;
  sum: string;
  revenue: string;
  returned: string;
  vat: string;
  deleted: boolean;
  sourceOrderId: string | null;
}
export interface TrueLine {
  departmentId: string;
  orderId: string;
  lineId: string;
  productId: string;
  storeId: string | null;
  quantity: string;
  sum: string;
  revenue: string;
  returned: string;
  storned: boolean;
}
export interface TruePayment {
  departmentId: string;
  orderId: string;
  typeId: string | null;
  operation: string;
  amount: string;
}

/** Every mutation is done when it returns. Days are accounting days. */
export interface Mutations {
  createProduct(over?: Fields): RawProduct;
  updateProduct(id: string, patch: Fields): RawProduct;
  updateGroup(id: string, patch: Fields): RawGroup;
  updateCategory(id: string, patch: Fields): RawEntity;
  createStore(departmentId: string, name: string): Store;
  removeStore(id: string): void;
  removeDepartment(id: string): void;
  /** A new receipt of one line each for the products. */
  sell(departmentId: string, date: string, productIds: string[], over?: { storeId?: string | null }): Receipt;
  removeLine(date: string, lineId: string): void;
  changeLine(date: string, lineId: string, patch: Partial<Pick<Line, 'productId' | 'storeId' | 'name'>>): Line;
  /** Same-order return: the line is storned and a negative one joins it. */
  returnLine(date: string, lineId: string): Line;
  /** A refund receipt on `onDate`, linked to the original. */
  refundReceipt(date: string, orderId: string, onDate: string): Receipt;
  deleteReceipt(date: string, orderId: string): Receipt;
  /** The whole receipt gets another accounting day. */
  moveReceipt(date: string, orderId: string, toDate: string): Receipt;
  /** Nothing was sold that day after all. */
  emptyDay(date: string): void;
  setShift(departmentId: string, date: string, status: Shift['status'], at?: string): Shift;
}

export interface IikoSimulator {
  /** Base URL, `…/resto/api` included. */
  url: string;
  login: string;
  password: string;
  departments: Department[];
  faults: Faults;
  /** Of the whole history, or of accounting days `from`…`to`, both included. */
  truth(period?: { from: string; to: string }): Truth;
  requests: Requests;
  resetRequests(): void;
  mutate: Mutations;
  /** Sessions alive now. */
  openSessions(): number;
  /** The server restarts: all tokens are dead. */
  restart(): void;
  /**
   * Throws an Error with every breach of the vendor's manners: parallel requests, more sessions than licences,
   * hammered logins, plain passwords.
   */
  assertGoodManners(options?: { leastLoginPauseMs?: number; allLoggedOut?: boolean }): void;
  close(): Promise<void>;
}
