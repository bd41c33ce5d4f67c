import type { Account, Simulation, SourceDefinition } from '../../sources/define-source.ts';

/** The accounts of a source's simulator, as the settings would give them. */
export function simulatedAccounts(
  { name: source, account: keys }: SourceDefinition,
  simulation: Simulation,
): Account[] {
  return Object.entries(simulation.accounts).map(
    ([name, { timezone = 'UTC', currency = 'EUR', baseUrl, ...rest }]) => ({
      source,
      name,
      baseUrl: baseUrl ?? simulation.baseUrl,
      timezone,
      currency,
      credentials: keys.parse(rest) as Record<string, string>,
    }),
  );
}
