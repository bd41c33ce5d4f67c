import { startIikoSimulator } from '../../../sources/iiko/simulator.ts';
import { startLitepmsSimulator } from '../../../sources/litepms/simulator.ts';
import { startRentprogSimulator } from '../../../sources/rentprog/simulator.ts';
import { iikoAccount } from '../iiko-truth.ts';
import { hotelAccounts } from '../litepms-truth.ts';
import type { Seeded } from '../seeded.ts';
import { accountsOf } from '../system.ts';
import { changeIiko, changeLitepms, changeRentprog } from './change-vendors.ts';
import type { Simulators } from './trouble-vendors.ts';

/** The three vendors, and the settings that lead to them. */
export interface Vendors extends Simulators {
  /** How LitePMS is read: its change lists do not show what was deleted, so only full readings mirror that. */
  reading: 'full' | 'incremental';
  /** The `sources` of a `pmsync.yaml`, and the environment that its `${…}` want. */
  sources: Record<string, unknown>;
  env: Record<string, string>;
  /** `source account entity` of everything that is scheduled. */
  targets: string[];
  /** Somebody changes something at one of the vendors. */
  change(random: Seeded): void;
  close(): Promise<void>;
}

export interface VendorsOptions {
  seed: number;
  reading: Vendors['reading'];
  /** Of the console that takes the vendors' webhooks. */
  consoleUrl: string;
  /** False: nothing is read but what somebody asks for, or a webhook tells of. Default true. */
  scheduled?: boolean;
  /** How many records the vendors have; 1 when not given. */
  size?: number;
}

const SECRET = 'a-webhook-secret-of-the-fire-tests';
const DAY_MS = 86_400_000;
const NO_LIMIT = { read: '12000/min', search: '12000/min', auth: '12000/min' };
const ENTITIES = {
  rentprog: ['clients', 'cars', 'bookings'],
  litepms: ['clients', 'rooms', 'bookings'],
  iiko: ['departments', 'stores', 'categories', 'product_groups', 'products', 'receipts'],
};

export const webhookPath = (source: string, account: string): string => `/webhooks/${source}/${account}/${SECRET}`;

export async function startVendors({
  seed,
  reading,
  consoleUrl,
  scheduled = true,
  size = 1,
}: VendorsOptions): Promise<Vendors> {
  const common = { seed, limits: null, latencyMs: [2, 12] as [number, number] };
  const rentprog = await startRentprogSimulator({
    ...common,
    branches: ['tbilisi', 'batumi'],
    bookings: 80 * size,
    cars: 20 * size,
    missingClients: 4,
    goneClients: 2,
    missingCars: 1,
    webhookUrl: (branch) => consoleUrl + webhookPath('rentprog', branch),
  });
  const litepms = await startLitepmsSimulator({
    ...common,
    bookings: 60 * size,
    rooms: 6,
    historyDays: 60,
    missingClients: 3,
    goneClients: 2,
    webhookUrl: (hotel) => consoleUrl + webhookPath('litepms', hotel),
  });
  const iiko = await startIikoSimulator({
    ...common,
    days: 3,
    lines: 90 * size,
    products: 40 * size,
    goneProducts: 2,
    goneStores: 1,
    login: 'an-iiko-login',
  });
  const from = new Date(Date.now() - 200 * DAY_MS).toISOString().slice(0, 10);
  const accounts = [
    ...accountsOf(rentprog),
    ...hotelAccounts(litepms, from),
    // A report that was asked for by a process that died is waited for no longer than this.
    iikoAccount(iiko, { reportTimeoutSeconds: '10' }),
  ];
  const env: Record<string, string> = {};
  const secret = (name: string, value: string) => {
    env[name] = value;
    return `\${${name}}`;
  };
  const settingsOf = (source: keyof typeof ENTITIES) =>
    Object.fromEntries(
      accounts
        .filter((account) => account.source === source)
        .map(({ name, baseUrl, timezone, currency, credentials, options }) => {
          const secrets = Object.entries(credentials).map(([key, value]) => [
            key,
            secret(`${source}_${name}_${key}`.toUpperCase(), value),
          ]);
          const hook = source === 'iiko' ? {} : { webhookSecret: secret('HOOK', SECRET) };
          return [name, { baseUrl, timezone, currency, ...Object.fromEntries(secrets), ...hook, ...options }];
        }),
    );
  const every = scheduled ? '10s' : 'off';
  const everyEntity = (source: keyof typeof ENTITIES) =>
    Object.fromEntries(ENTITIES[source].map((entity) => [entity, every]));
  const off = Object.fromEntries(ENTITIES.litepms.map((entity) => [entity, 'off']));
  const schedules = {
    rentprog: { ...everyEntity('rentprog'), full: 'off' },
    litepms: {
      ...(reading === 'full' ? { ...off, full: every } : { ...everyEntity('litepms'), full: 'off' }),
      hotSet: 'off',
    },
    iiko: { ...everyEntity('iiko'), full: 'off' },
  };
  const simulators = { rentprog, litepms, iiko };
  return {
    ...simulators,
    reading,
    sources: {
      rentprog: { limits: NO_LIMIT, schedule: schedules.rentprog, accounts: settingsOf('rentprog') },
      litepms: { limits: { read: NO_LIMIT.read }, schedule: schedules.litepms, accounts: settingsOf('litepms') },
      iiko: { limits: { read: NO_LIMIT.read }, schedule: schedules.iiko, accounts: settingsOf('iiko') },
    },
    env,
    targets: accounts.flatMap(({ source, name }) =>
      ENTITIES[source as keyof typeof ENTITIES].map((entity) => `${source} ${name} ${entity}`),
    ),
    change(random) {
      const changes = [
        () => changeRentprog(rentprog, random),
        () => changeLitepms(litepms, random, { deletes: reading === 'full' }),
        () => changeIiko(iiko, random),
      ];
      random.pick(changes)();
    },
    async close() {
      for (const each of Object.values(simulators)) await each.close();
    },
  };
}
