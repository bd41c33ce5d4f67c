import type { Branch, Faults, RentprogSimulatorOptions } from './types.ts';

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
  expiredToken: 0,
  pageShift: 0,
  pageShiftLimit: 5,
  duplicateRows: 0,
  changingPageSize: 0,
  unknownFields: 0,
  wrongTypes: 0,
  brokenRecords: 0,
  failPage: null,
  branchRateLimited: null,
};

/** The options with every default filled in; throws RangeError for a world that cannot be built. */
export function resolveSettings(options: RentprogSimulatorOptions) {
  const bookings = options.bookings ?? 2000;
  const settings = {
    seed: options.seed ?? 1,
    branches: (options.branches ?? ['tbilisi', 'batumi', 'kutaisi', 'rustavi']).map(
      (name, index): Branch => ({
        name,
        companyToken: options.companyTokens?.[name] ?? `${name}-token`,
        companyId: 101 + index,
        timezone: 'Asia/Tbilisi',
        currency: 'GEL',
      }),
    ),
    bookings,
    clients: options.clients ?? Math.floor(bookings / 2),
    cars: options.cars ?? 200,
    missingClients: options.missingClients ?? Math.min(32, Math.floor(bookings / 10)),
    goneClients: options.goneClients ?? Math.min(5, Math.floor(bookings / 20)),
    missingCars: options.missingCars ?? Math.min(3, Math.floor(bookings / 20)),
    collisions: options.collisions ?? true,
    pageSize: options.pageSize ?? 10,
    clientsPageSize: options.clientsPageSize ?? 50,
    clientsPath: options.clientsPath ?? '/all_clients',
    nestedClients: options.nestedClients ?? 'some',
    tokenLifetimeMs: options.tokenLifetimeMs ?? 4 * MINUTE,
    limits: options.limits === undefined ? { read: 120, search: 30, auth: 60 } : options.limits,
    limitWindowMs: options.limitWindowMs ?? MINUTE,
    latencyMs: options.latencyMs ?? ([0, 0] as [number, number]),
    faults: { ...noFaults, slow: { ...noFaults.slow }, ...options.faults },
    webhookUrl: options.webhookUrl,
    payloadForm: options.payloadForm ?? 'ruby',
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
  };
  refuseImpossible(settings);
  return settings;
}

export type Settings = ReturnType<typeof resolveSettings>;

function refuseImpossible(s: {
  branches: Branch[];
  bookings: number;
  cars: number;
  missingClients: number;
  goneClients: number;
  missingCars: number;
}): void {
  const needed = s.missingClients + s.goneClients + s.missingCars + 2;
  if (s.branches.length === 0) throw new RangeError('The RentProg simulator needs at least one branch');
  if (s.missingClients + s.goneClients + s.missingCars > 0 && s.bookings < needed)
    throw new RangeError(`bookings must be at least ${needed} for so many missing clients and cars, got ${s.bookings}`);
  if (s.missingClients > 190_000 || s.goneClients > 20_000 || s.missingCars > 9_000 || s.cars > 50_000)
    throw new RangeError(
      'The RentProg simulator has ids for 190000 missing clients, 20000 gone ones, 9000 missing cars, 50000 cars',
    );
}
