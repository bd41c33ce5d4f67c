import type { Account, EntityDefinition, FetchContext, ListingPlan } from '../../sources/define-source.ts';
import { connectSource } from '../../sources/http.ts';
import { source } from '../../sources/litepms/index.ts';
import { type LitepmsSimulatorOptions, startLitepmsSimulator } from '../../sources/litepms/simulator.ts';

/** A hotel's account at whatever stands at `baseUrl`. */
export function hotelAccount(baseUrl: string, over: Partial<Account> = {}): Account {
  return {
    source: 'litepms',
    name: 'main',
    baseUrl,
    timezone: 'Europe/Moscow',
    currency: 'RUB',
    credentials: { login: 'main-login', apiKey: 'main-api-key' },
    options: { from: '2015-01-02' },
    ...over,
  };
}

/** A run's plan; by default a first one. */
export function planOf(account: Account, over: Partial<ListingPlan> = {}): ListingPlan {
  return { account, mode: 'incremental', today: '2026-11-21', since: null, resume: null, period: null, ...over };
}

/** A simulated vendor and one hotel's way to it. `end` closes both. */
export async function openHotel(options: LitepmsSimulatorOptions = {}, timeoutMs?: number) {
  const simulator = await startLitepmsSimulator({ bookings: 60, limits: null, ...options });
  const hotel = simulator.hotels[0]!;
  const account = hotelAccount(simulator.url, {
    name: hotel.name,
    timezone: hotel.timezone,
    credentials: { login: hotel.login, apiKey: hotel.apiKey },
  });
  const connection = connectSource(source, account, timeoutMs === undefined ? {} : { timeoutMs });
  const http = connection.open();
  const context: FetchContext = { account, http };
  return {
    simulator,
    account,
    http,
    context,
    entity: (name: string): EntityDefinition => source.entities.find((entity) => entity.name === name)!,
    /** Reads these pages and those that follow from them, one after the other. */
    async read(name: string, pages: readonly string[]) {
      const { listing } = source.entities.find((entity) => entity.name === name)!;
      const tokens = [...pages];
      const records: Record<string, unknown>[] = [];
      for (let n = 0; n < tokens.length; n += 1) {
        const page = await listing.fetch(context, tokens[n]!);
        tokens.push(...page.next);
        records.push(...(page.records as Record<string, unknown>[]));
      }
      return { pages: tokens, records };
    },
    async end() {
      connection.close();
      await simulator.close();
    },
  };
}

export type OpenHotel = Awaited<ReturnType<typeof openHotel>>;
