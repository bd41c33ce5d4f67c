import type { Faults, Hotel, LitepmsSimulatorOptions } from './types.ts';

const MINUTE = 60_000;

const noFaults: Faults = {
  rateLimitSeconds: 0,
  rateLimitDate: 0,
  retryAfterSeconds: 1,
  serverErrorHtml: 0,
  truncatedJson: 0,
  htmlOk: 0,
  slow: { ms: 1000, rate: 0 },
  reset: 0,
  failing: [],
  refusing: [],
  hotelRateLimited: null,
  largeWindow: null,
  daysBehind: 0,
  duplicateRows: 0,
  hideClients: 0,
  missedChanges: 0,
  listDeleted: false,
  notFound: 0,
  unknownFields: 0,
  wrongTypes: 0,
  brokenRecords: 0,
  webhookRepeats: 0,
};

const HOTELS: Record<string, Partial<Hotel>> = { main: {}, riverside: { timezone: 'Asia/Yekaterinburg' } };

/** The options with every default filled in; throws RangeError for a world that cannot be built. */
export function resolveSettings(options: LitepmsSimulatorOptions) {
  const bookings = options.bookings ?? 400;
  const hotels = Object.entries(options.hotels ?? HOTELS).map(
    ([name, over]): Hotel => ({
      login: `${name}-login`,
      apiKey: `${name}-api-key`,
      timezone: 'Europe/Moscow',
      currency: 'RUB',
      ...over,
      name,
    }),
  );
  const settings = {
    seed: options.seed ?? 1,
    hotels,
    bookings,
    clients: options.clients ?? Math.max(hotels.length, Math.ceil(bookings / 2)),
    rooms: options.rooms ?? 12,
    missingClients: options.missingClients ?? Math.min(16, Math.floor(bookings / 10)),
    goneClients: options.goneClients ?? Math.min(3, Math.floor(bookings / 20)),
    clientlessShare: options.clientlessShare ?? 0.05,
    historyDays: options.historyDays ?? 400,
    today: options.today ?? null,
    envelopes: options.envelopes ?? 'mixed',
    clientsPageSize: options.clientsPageSize ?? 40,
    searchPageSize: options.searchPageSize ?? 50,
    limits: options.limits === undefined ? { read: 120 } : options.limits,
    limitWindowMs: options.limitWindowMs ?? MINUTE,
    latencyMs: options.latencyMs ?? ([0, 0] as [number, number]),
    faults: { ...noFaults, failing: [], refusing: [], slow: { ...noFaults.slow }, ...options.faults },
    webhookUrl: options.webhookUrl,
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
  };
  refuseImpossible(settings);
  return settings;
}

export type Settings = ReturnType<typeof resolveSettings>;

/** Of `total` things dealt out in turn, how many the hotel gets. */
export function shareOf(total: number, hotel: number, hotels: number): number {
  return Math.floor((total - hotel + hotels - 1) / hotels);
}

const MOST = 900_000;

type World = Pick<Settings, 'hotels' | 'bookings' | 'clients' | 'rooms' | 'missingClients' | 'goneClients'>;

function refuseImpossible({ hotels, bookings, clients, rooms, missingClients, goneClients }: World): void {
  if (hotels.length === 0) throw new RangeError('The LitePMS simulator needs at least one hotel');
  if (bookings > 0 && (rooms < 1 || clients < hotels.length))
    throw new RangeError('The LitePMS simulator needs a room and a client in each hotel for bookings');
  const special = missingClients + goneClients;
  // Each hotel gets its share of all three, rounded.
  const needed = special === 0 ? 0 : special + 2 * hotels.length;
  if (bookings < needed)
    throw new RangeError(`bookings must be at least ${needed} for so many missing and gone clients, got ${bookings}`);
  for (const [what, count] of Object.entries({ clients, missingClients, goneClients }))
    if (count > MOST * hotels.length)
      throw new RangeError(`The LitePMS simulator has ids for ${MOST} ${what} of a hotel`);
}
