import type { Account, Simulation, SourceDefinition } from '../../sources/define-source.ts';

/** The accounts of a source's simulator, as the settings would give them. */
export function simulatedAccounts(
  { name: source, account: keys, options }: SourceDefinition,
  simulation: Simulation,
): Account[] {
  return Object.entries(simulation.accounts).map(
    ([name, { timezone = 'UTC', currency = 'EUR', baseUrl, ...rest }]) => ({
      source,
      name,
      baseUrl: baseUrl ?? simulation.baseUrl,
      timezone,
      currency,
      credentials: keys.parse(pick(rest, Object.keys(keys.shape))) as Record<string, string>,
      options: (options?.parse(pick(rest, Object.keys(options.shape))) ?? {}) as Record<string, string>,
    }),
  );
}

/** The account of a source whose records lie in our own database, as the settings would give it. */
export function inHouseAccounts(source: SourceDefinition): Account[] {
  const { inHouse, baseUrl } = source;
  const accounts = inHouse ? { [inHouse.account]: inHouse.demo.account } : {};
  return simulatedAccounts(source, { baseUrl, limits: {}, accounts, close: async () => {} });
}

function pick(from: Record<string, string>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}
