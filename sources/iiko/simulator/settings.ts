import { isDate } from './dates.ts';
import type { Faults, IikoSimulatorOptions } from './types.ts';

const HOUR = 3_600_000;

const noFaults = (): Faults => ({
  restartPage: 0,
  licenceTaken: false,
  expiredToken: 0,
  serverError: 0,
  reset: 0,
  slow: { ms: 1000, rate: 0 },
  bigDays: null,
  truncated: 0,
  malformedOlap: 0,
  emptyOlap: 0,
  failDay: null,
  missingColumns: [],
  splittingColumns: [],
  longDates: false,
  numbersAsText: false,
  longNumbers: false,
  hostileXml: false,
});

const DEPARTMENTS = [
  { name: 'Тест-кафе «Центр»', timezone: 'Asia/Almaty' },
  { name: 'Тест-бар &Ко', timezone: 'Asia/Almaty' },
  { name: 'Тест-пекарня ', timezone: 'Asia/Aqtau' },
];

/** The options with every default filled in; throws RangeError for a world that cannot be built. */
export function resolveSettings(options: IikoSimulatorOptions) {
  const settings = {
    seed: options.seed ?? 1,
    today: options.today ?? new Date().toISOString().slice(0, 10),
    days: options.days ?? 30,
    lines: options.lines ?? 3000,
    departments: options.departments ?? DEPARTMENTS,
    products: options.products ?? 200,
    goneProducts: options.goneProducts ?? 2,
    goneStores: options.goneStores ?? 1,
    otherOlapIds: options.otherOlapIds ?? false,
    login: options.login ?? 'api',
    password: options.password ?? 'test-password',
    licences: options.licences ?? 1,
    tokenLifetimeMs: options.tokenLifetimeMs ?? HOUR,
    latencyMs: options.latencyMs ?? ([0, 0] as [number, number]),
    faults: { ...noFaults(), ...options.faults },
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
  };
  if (!isDate(settings.today)) throw new RangeError(`today must be a date YYYY-MM-DD, got ${settings.today}`);
  if (settings.days < 1 || settings.lines < 0) throw new RangeError('days must be at least 1 and lines at least 0');
  if (settings.departments.length === 0) throw new RangeError('The iiko simulator needs at least one department');
  if (settings.products < 10) throw new RangeError('The iiko simulator needs at least 10 products');
  return settings;
}

export type Settings = ReturnType<typeof resolveSettings>;
