/** Everything the simulator serves is plain JSON; what the readers make of it is their business. */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
export type Fields = { [field: string]: Json };

/** Scalars are text, as the vendor writes them. */
export interface RawBooking extends Fields {
  id: string;
  booking_id: string;
  client_id: string;
  room_id: string;
  status_id: string;
  last_update: string;
  date_in: string;
  date_out: string;
}
export interface RawClient extends Fields {
  id: string;
  name: string;
  surname: string;
}
export interface RawRoom extends Fields {
  id: string;
  cat_id: string;
  name: string;
}
export type Kind = 'booking' | 'client' | 'room';

/** Requests that a fault is meant for; what is not given matches all. */
export interface RequestMatch {
  method: string;
  hotel?: string;
  /** Parameters that the request must have, e.g. `{ page: '2' }`. */
  params?: Record<string, string>;
}

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
  /** 500–504 with HTML. */
  serverErrorHtml: number;
  /** HTTP 200 and half of the JSON. */
  truncatedJson: number;
  /** HTTP 200 with an HTML page. */
  htmlOk: number;
  slow: { ms: number; rate: number };
  /** The socket is destroyed without an answer. */
  reset: number;
  /** These answer 500 until cleared. */
  failing: RequestMatch[];
  /** These answer HTTP 200 with this error, a text or several, until cleared. */
  refusing: (RequestMatch & { error: string | string[] })[];
  /** This hotel answers 429 until the time (epoch milliseconds). */
  hotelRateLimited: { hotel: string; untilMs: number } | null;
  /** `getBookings` over more days than this gives no list: in time (the answer is held back), or one of the others. */
  largeWindow: { days: number; answer: 'hold' | '504' | '413' | 'error' } | null;
  /** Days that the vendor's clock is behind the hotel's: the change list goes by it, and refuses a `finish` after its today. */
  daysBehind: number;
  /** Share of rows that lists repeat, next to each other or over a page edge; no row gets lost. */
  duplicateRows: number;
  /** Share of clients that the list has lost; `getClient` still has them. */
  hideClients: number;
  /** Share of changes that the change list never shows; `getBooking` has them. */
  missedChanges: number;
  /** Deleted bookings stay in the change list of the day they were deleted. */
  listDeleted: boolean;
  /** Share of records that `getBooking` and `getClient` suddenly do not find. */
  notFound: number;
  /** Share of records with fields nobody has seen before. */
  unknownFields: number;
  /** Share of values with another type of the same meaning, fixed per record and field. */
  wrongTypes: number;
  /** How many bookings of each hotel carry a value that no reader can accept. */
  brokenRecords: number;
  /** Share of webhooks sent twice. */
  webhookRepeats: number;
}

export interface Hotel {
  name: string;
  login: string;
  apiKey: string;
  timezone: string;
  currency: string;
}

export interface LitepmsSimulatorOptions {
  seed?: number;
  /** Hotels by name, with what differs from `${name}-login`, `${name}-api-key`, Europe/Moscow and RUB. */
  hotels?: Record<string, Partial<Hotel>>;
  /** Of all hotels together; every hotel's ids begin at the same numbers. */
  bookings?: number;
  clients?: number;
  /** Of each hotel. */
  rooms?: number;
  /** Clients of one booking each, in all: not in the list, but readable by id. */
  missingClients?: number;
  /** Clients of one booking each, in all, that exist nowhere. */
  goneClients?: number;
  /** Share of bookings with `client_id` "0". */
  clientlessShare?: number;
  /** How many days back stays begin. */
  historyDays?: number;
  /** The day it is at every hotel, `YYYY-MM-DD`; default: the real one. */
  today?: string;
  /** `mixed`, the default: every way of success in turn; `plain`: the expected one alone. */
  envelopes?: 'plain' | 'mixed';
  clientsPageSize?: number;
  searchPageSize?: number;
  /** Requests per window and hotel; null is no limit. */
  limits?: { read: number } | null;
  limitWindowMs?: number;
  latencyMs?: [number, number];
  faults?: Partial<Faults>;
  /** Where a change of a booking is posted; an empty string posts nothing. */
  webhookUrl?: (hotel: string) => string;
  /** 0, the default: any free one. */
  port?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
}

/** What a complete mirror of one hotel must hold, as served without faults. */
export interface HotelTruth {
  bookings: RawBooking[];
  /** Those in the list, and those that only their bookings lead to. */
  clients: RawClient[];
  /** With their category inside. */
  rooms: RawRoom[];
  missingClientIds: string[];
  goneClientIds: string[];
  deletedBookingIds: string[];
  deletedClientIds: string[];
  brokenBookingIds: string[];
}

export interface Call {
  hotel: string;
  method: string;
  /** Without the credentials. */
  params: Record<string, string>;
}

export interface Requests {
  total: number;
  byMethod: Record<string, number>;
  byHotel: Record<string, number>;
  /** The first 100,000. */
  calls: Call[];
  /** 429 answers because of `limits`; those of faults are not counted. */
  rateLimited: number;
  maxInFlight: number;
}

/** Every mutation is done when it returns; its webhook is on the way (see `webhooksSettled`). */
export interface Mutations {
  createBooking(hotel: string, over?: Fields): RawBooking;
  editBooking(hotel: string, id: string, patch: Fields): RawBooking;
  deleteBooking(hotel: string, id: string): void;
  /** A deleted one is there again, as it was. */
  restoreBooking(hotel: string, id: string): RawBooking;
  createClient(hotel: string, over?: Fields): RawClient;
  editClient(hotel: string, id: string, patch: Fields): RawClient;
  deleteClient(hotel: string, id: string): void;
  createRoom(hotel: string, over?: Fields): RawRoom;
  editRoom(hotel: string, id: string, patch: Fields): RawRoom;
  deleteRoom(hotel: string, id: string): void;
}

export interface LitepmsSimulator {
  url: string;
  hotels: Hotel[];
  faults: Faults;
  /** By hotel. */
  truth(): Record<string, HotelTruth>;
  requests: Requests;
  resetRequests(): void;
  mutate: Mutations;
  /** The day it is at the hotel by the simulator. */
  today(hotel: string): string;
  /** From now on it is this day at every hotel; null gives the real one back. */
  setToday(day: string | null): void;
  /** Posts these fields as the vendor would; for repeats, unknown types and nonsense. */
  sendWebhook(hotel: string, fields: Record<string, string>): void;
  webhooks: { sent: number; failed: number };
  webhooksSettled(): Promise<void>;
  startLiveMutation(everyMs: number): void;
  stopLiveMutation(): void;
  close(): Promise<void>;
}
