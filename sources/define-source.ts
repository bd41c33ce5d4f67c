import type { z } from 'zod';
import type { SourceError } from './errors.ts';
import type { Http } from './http.ts';
import type { FaultContext } from './usual-fault.ts';
import type { VendorAnswer } from './vendor-answer.ts';

/**
 * The contract of a source: everything pmsync has to know of a vendor, as data. One folder under `sources/`, whose
 * `index.ts` exports `source`, is a source; nothing outside the folder has to be touched.
 */

/** A vendor's request budget: at most `max` requests per `perMs` milliseconds. Written `120/min` or `10/s` in the settings. */
export interface RateLimit {
  max: number;
  perMs: number;
}

/** One set of credentials at a source, as the settings give it. */
export interface Account {
  source: string;
  name: string;
  baseUrl: string;
  /** IANA zone of the account's wall-clock times. */
  timezone: string;
  /** ISO 4217 code. */
  currency: string;
  /** Secret part of the webhook URL. */
  webhookSecret?: string | undefined;
  /** What the source's `account` schema took from the settings. Secrets: never logged, never in a job. */
  credentials: Record<string, string>;
  /** What the source's `options` schema took from the settings, completed with its defaults. No secrets. */
  options: Record<string, string>;
}

export interface Session {
  token: string;
  expiresAt: Date;
}

/** Asks the database that pmsync itself uses; `$1`, `$2` stand for the values. Days and decimals come as text. */
export type AskDatabase = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/** What an entity's `listing` and `one` get to work with. `http` counts, limits and authenticates; one call is one request. */
export interface FetchContext {
  account: Account;
  http: Http;
  /** For a source that is `inHouse`. */
  askDatabase?: AskDatabase;
}

/**
 * A source whose records lie in tables of our own, beside the mirror. It is listed and read like any other, by asking the
 * database instead of a vendor; and it pushes: every change writes a row into `outbox` in its own transaction.
 */
export interface InHouse {
  /** The one account there is. */
  account: string;
  /** Table with `id` (growing), `entity` and `external_id` of what has changed. */
  outbox: string;
  /** Channel on which PostgreSQL tells of new rows; the payload names the transaction. */
  channel: string;
  /** Makes the settings known to the tables; run at every start. */
  prepare(ask: AskDatabase, account: Account): Promise<void>;
  /** Its account in the demo, and invented records for it; filling what is filled already changes nothing. */
  demo: { account: Record<string, string>; fill(ask: AskDatabase): Promise<void> };
}

/**
 * All the records of an entity that lie in one place: the lines of an accounting day, the modifiers of a product. What lay
 * there before and is not in the set any more is gone.
 */
export interface RecordSet {
  entity: string;
  /** Beginning of the places that the set has completely: `2026-10-05/` is that day at every department. */
  covers: string;
  records: Record<string, unknown>[];
}

/** One answered page of a listing. `next`: tokens of further pages to fetch; several may be in flight at once. */
export interface Page {
  records: unknown[];
  next: string[];
  /** Complete sets of other entities, parents first. They are landed and applied together with the page. */
  sets?: RecordSet[];
}

/** How the pages of a run came out, once none is left. */
export interface ListingSummary {
  /** Rows per page and how many of them were distinct records, in no order. */
  pages: { page: string; rows: number; distinct: number }[];
  /** Which of these pages have records that stood on another of them too, and how many. */
  repeats(pages: readonly string[]): Promise<{ page: string; records: number }[]>;
}

/** What a run is to read. Days are calendar days `YYYY-MM-DD` in the account's time zone. */
export interface ListingPlan {
  account: Account;
  mode: 'incremental' | 'full';
  today: string;
  /** Day on which the last run began that read everything; null when none has yet. */
  since: string | null;
  /**
   * Pages that runs which broke off since then have read to the end, records and all, and the day the first of them began.
   * Null for a full run, which reads everything itself: what it has not seen counts as absent.
   */
  resume: { pages: ReadonlySet<string>; from: string } | null;
  /** A period somebody asked for; only where `Listing.period` is set. */
  period: { from: string; to: string } | null;
}

/** Records whose changes matter at once, read again however quiet the vendor's change list is. */
export interface HotSet {
  /** Pages of ids to read besides those of `first`. */
  pages(plan: ListingPlan): string[];
  /** Rows here that are read again too: bookings whose stay touches these days, counted from today. */
  stays: { fromDays: number; toDays: number };
}

export interface Listing {
  rateClass: string;
  /** The records are bare ids: each is then read by `one`, one request a record. */
  idsOnly?: true;
  /** It can be asked for a period (`sync --from --to`, `compare --from --to`). The words say by which of a record's days. */
  period?: { by: string; column: string };
  /** Run at the schedule's `hotSet`. */
  hotSet?: HotSet;
  /** Tokens of the pages a run starts with. */
  first(plan: ListingPlan): string[];
  /** One HTTP request. Throws a `SourceError`; never returns a part of a page. */
  fetch(context: FetchContext, page: string): Promise<Page>;
  /** Pages to go on with after one that could not be fetched at all. */
  after?(page: string): string[];
  /**
   * The vendor's pages are offsets into a live list: a page that only repeats another one may be the end, and rows may have
   * been skipped. `verify` looks at the whole and asks for more pages, or says why the listing cannot be trusted.
   */
  verify?(summary: ListingSummary): Promise<{ more: string[] } | { complete: true } | { incomplete: string }>;
}

/** Answer of a look-up by id. `more`: not on this page, ask for the next one. */
export type Found = { record: unknown } | { more: string } | { absent: string };

export interface One {
  rateClass: string;
  /** One HTTP request. `page` is absent on the first ask, else what `more` said. */
  fetch(context: FetchContext, externalId: string, page?: string): Promise<Found>;
}

export interface Reference {
  /** Foreign key column, uuid. */
  column: string;
  /** Column with the parent's external id as text; what `toRow` fills. */
  from: string;
  entity: string;
  /** Scope of the parent's entity. */
  scope: 'source' | 'account';
}

/** Values for the entity's table. Keys are the same for every record; times as `timestamptz` text with a zone name, money as decimal text. */
export type Row = Record<string, string | number | boolean | null>;

export interface EntityDefinition {
  name: string;
  table: string;
  /** Where an external id is unique: in the whole source, or in one account. */
  scope: 'source' | 'account';
  /** The record's id at the source, or undefined when it has none (such a record is quarantined). */
  key(record: Record<string, unknown>): string | undefined;
  /** The vendor's own version of the record, comparable as text; null when it has none (fetch time decides then). */
  version?(record: Record<string, unknown>): string | null;
  references: readonly Reference[];
  /** Where the record lies, for sets that are complete. Changed by every landing. */
  place?(record: Record<string, unknown>): string;
  /** Complete sets of records of other entities inside this one: a product's modifiers. */
  sets?(record: Record<string, unknown>): RecordSet[];
  /**
   * Its records come in the sets of this other entity, in whose runs they are read and counted. `listing` is that entity's.
   */
  partOf?: string;
  /** Records of other entities inside this one: landed unless something fuller is here. */
  nested?(record: Record<string, unknown>): { entity: string; record: Record<string, unknown> }[];
  listing: Listing;
  one?: One;
  /** Of a source that is `inHouse`: these records as they are now; ids that no record has are left out. */
  readInHouse?(ask: AskDatabase, externalIds: readonly string[]): Promise<Record<string, unknown>[]>;
  /**
   * What it means that a full listing, read to its end, has not got a known record. `deleted`: it is read by `one` where the
   * entity has that, and gets a tombstone when the vendor has not got it. `unknown` (default): nothing; the list is not all there is.
   */
  absence?: 'deleted' | 'unknown';
  /** The payload fields that have a column. What it does not name is kept in `additional_info`. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape differs per entity and is inferred again by `defineEntity`
  schema: z.ZodObject<any>;
  /** Fields of `schema` that are kept in `additional_info` too. */
  keep: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: see `schema`
  toRow(record: any, account: Account): Row;
}

/** What a webhook says: hints, never data. The records are read again. */
export interface WebhookEvent {
  /** The vendor's word for it; counted and logged. */
  type: string;
  /** Empty for an event that concerns nothing we mirror, or that we do not know. */
  records: readonly { entity: string; externalId: string }[];
}

export interface WebhookRequest {
  body: string;
  contentType: string;
}

export interface SimulationOptions {
  /** About how many records. */
  records: number;
  /** The same seed makes the same data. */
  seed: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default: any free one. */
  port?: number;
}

/** A simulated vendor on this machine, for the demo and for trials. */
export interface Simulation {
  baseUrl: string;
  /** Budgets the simulated vendor grants, as the settings write them. */
  limits: Record<string, string>;
  /** Accounts as the settings write them. */
  accounts: Record<string, Record<string, string>>;
  close(): Promise<void>;
}

export interface SourceDefinition {
  /** Folder name, word in the settings, first part of every queue name. */
  name: string;
  title: string;
  baseUrl: string;
  /** Default budgets by rate class; settings may override each. */
  limits: Record<string, string>;
  /** Default schedule: an interval (`5m`) or a cron line per entity, and `full`. */
  schedule: Record<string, string>;
  /** Keys of an account in the settings beyond baseUrl, timezone, currency and webhookSecret. All of them are secrets. */
  account: z.ZodObject<Record<string, z.ZodType<string>>>;
  /** Further keys of an account that are no secrets; text in, text out, each with a default. */
  options?: z.ZodObject<Record<string, z.ZodType<string>>>;
  /** How long an answer may take, unless a request says otherwise. Default 15 000. */
  timeoutMs?: number;
  /** How large an answer may be, unpacked. Default 128 MiB; a larger one is cut off as `TooLarge`. */
  largestAnswerBytes?: number;
  /** What an answer stands for: undefined = a good one. Default: `usualFault`. */
  faultOf?(answer: VendorAnswer, context: FaultContext): SourceError | undefined;
  /**
   * The vendor wants its requests strictly one after another: one fetch queue an account, and everybody else waits for the
   * same turn. The session is then one for all processes.
   */
  sequential?: true;
  /** Opens a session when the API needs one; shared by every request of the account, in this process or, if `sequential`, in all. */
  openSession?(context: { account: Account; http: Http }): Promise<Session>;
  /** Gives a session back that occupies something at the vendor; only where the source is `sequential`. Content when it was dead. */
  closeSession?(context: { account: Account; http: Http; session: Session }): Promise<void>;
  /** After so long without a request the session is given back. */
  sessionIdleMs?: number;
  /** Headers that carry the session. */
  authorize?(session: Session): Record<string, string>;
  /** What `check` says of an account besides, e.g. the kind of server: short names and values, no secrets. */
  about?(context: FetchContext): Promise<Record<string, string>>;
  /** In dependency order: parents first. */
  entities: readonly EntityDefinition[];
  /** Other words for entities on the command line: `sales` for what is called `receipts`. */
  aliases?: Record<string, string>;
  inHouse?: InHouse;
  /** Reads what the vendor posts to `/webhooks/<source>/<account>/<secret>`. Throws `InvalidRecord` for a body it cannot read. */
  webhook?(request: WebhookRequest): WebhookEvent;
  /** Starts the source's simulator. */
  simulate?(options: SimulationOptions): Promise<Simulation>;
}

export function defineSource<const S extends SourceDefinition>(source: S): S {
  return source;
}

export function defineEntity<T extends z.ZodObject>(
  entity: Omit<EntityDefinition, 'schema' | 'toRow'> & {
    schema: T;
    toRow(record: z.output<T>, account: Account): Row;
  },
): EntityDefinition {
  return entity;
}
