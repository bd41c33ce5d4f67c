/** Everything the simulator serves is plain JSON; what the readers make of it is their business. */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
export type Fields = { [field: string]: Json };

export interface RawRecord {
  id: number;
  company_id: number;
  [field: string]: Json;
}
export interface RawClient extends RawRecord {
  name: string;
  lastname: string;
  phone: string | null;
}
export interface RawCar extends RawRecord {
  car_name: string;
  code: string;
  number: string;
}
export interface RawBooking extends RawRecord {
  number: number | null;
  active: boolean;
  state: string;
  client_id: number | null;
  car_id: number | null;
  start_date: string;
  end_date: string;
  total: number;
}
export type Kind = 'booking' | 'client' | 'car';

/**
 * Numbers are rates 0…1 unless said otherwise; 0 is off. Transient faults never hit the same request more than three
 * times in a row, unless a rate is 1.
 */
export interface Faults {
  /** 429 with Retry-After in seconds. */
  rateLimitSeconds: number;
  /** 429 with Retry-After as an HTTP date. */
  rateLimitDate: number;
  /** What the two above ask to wait, in seconds. */
  retryAfterSeconds: number;
  serverErrorHtml: number;
  /** HTTP 200 and half of the JSON. */
  truncatedJson: number;
  /** HTTP 200 with an HTML page. */
  htmlOk: number;
  slow: { ms: number; rate: number };
  /** The socket is destroyed without an answer. */
  reset: number;
  /** 401 before `exp`; the token stays refused. */
  expiredToken: number;
  /** A booking is created at the head of the list while a later page is being asked for. */
  pageShift: number;
  /** How many bookings `pageShift` may create in the simulator's life. */
  pageShiftLimit: number;
  /** Share of rows that a listing repeats, next to each other or over a page edge; no row gets lost. */
  duplicateRows: number;
  /** A page of a listing (never of a search) is cut and counted with a smaller page size. */
  changingPageSize: number;
  /** Share of records with fields nobody has seen before. */
  unknownFields: number;
  /** Share of values with another type of the same meaning, fixed per record and field. */
  wrongTypes: number;
  /** How many bookings carry a value that no reader can accept. */
  brokenRecords: number;
  /** This page answers 500 until cleared. */
  failPage: { branch: string; path: string; page: number } | null;
  /** This branch answers 429 until the time (epoch milliseconds). */
  branchRateLimited: { branch: string; untilMs: number } | null;
}

export interface Limits {
  read: number;
  search: number;
  auth: number;
}
export type PayloadForm = 'ruby' | 'json-string' | 'object';
export type NestedClients = 'none' | 'some' | 'all';

export interface RentprogSimulatorOptions {
  seed?: number;
  branches?: string[];
  /** Company token by branch, where it is not `${branch}-token`. */
  companyTokens?: Record<string, string>;
  bookings?: number;
  clients?: number;
  cars?: number;
  /** Clients of bookings that are in no list, but can be searched for at one branch. */
  missingClients?: number;
  /** Clients of one booking each that exist nowhere. */
  goneClients?: number;
  /** Cars of one booking each that are in no list, but answered by /car_data. */
  missingCars?: number;
  collisions?: boolean;
  pageSize?: number;
  clientsPageSize?: number;
  clientsPath?: '/all_clients' | '/clients';
  nestedClients?: NestedClients;
  tokenLifetimeMs?: number;
  /** Requests per window and branch; null is no limit. */
  limits?: Limits | null;
  limitWindowMs?: number;
  latencyMs?: [number, number];
  faults?: Partial<Faults>;
  /** Where a mutation is posted; an empty string posts nothing. */
  webhookUrl?: (branch: string) => string;
  payloadForm?: PayloadForm;
  /** 0, the default: any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
}

export interface Branch {
  name: string;
  companyToken: string;
  companyId: number;
  timezone: string;
  currency: string;
}

export interface Truth {
  clients: RawClient[];
  cars: RawCar[];
  bookings: RawBooking[];
  missingClientIds: number[];
  goneClientIds: number[];
  missingCarIds: number[];
  brokenBookingIds: number[];
}

export interface Requests {
  total: number;
  byPath: Record<string, number>;
  byBranch: Record<string, number>;
  searches: { branch: string; path: string; query: string; page: number; at: number }[];
  /** 429 answers because of `limits`; those of faults are not counted. */
  rateLimited: number;
  maxInFlight: number;
}

/** Every mutation is done when it returns; its webhook is on the way (see `webhooksSettled`). */
export interface Mutations {
  createBooking(branch: string, over?: Fields): RawBooking;
  updateBooking(id: number, patch: Fields): RawBooking;
  archiveBooking(id: number): RawBooking;
  destroyBooking(id: number): void;
  moveBooking(id: number, toBranch: string): RawBooking;
  createClient(branch: string, over?: Fields): RawClient;
  updateClient(id: number, patch: Fields): RawClient;
  /** Without a webhook: RentProg sends none of cars. */
  updateCar(id: number, patch: Fields): RawCar;
  destroyClient(id: number): void;
  /** A gone, hidden or destroyed client is in the branch's list from now on. */
  revealClient(id: number, branch: string): RawClient;
}

export interface RentprogSimulator {
  url: string;
  branches: Branch[];
  faults: Faults;
  truth(): Truth;
  requests: Requests;
  resetRequests(): void;
  mutate: Mutations;
  webhooks: { sent: number; failed: number };
  webhooksSettled(): Promise<void>;
  repairBrokenRecords(): void;
  startLiveMutation(everyMs: number): void;
  stopLiveMutation(): void;
  close(): Promise<void>;
}
