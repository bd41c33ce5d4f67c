import type { StatusTarget } from '../db/status.ts';
import type { HealthContext } from './read-health.ts';

/** Every entity of every account of the settings, parents first; what comes inside another entity too. */
export function targetsOf({ settings, sources }: Omit<HealthContext, 'db'>): StatusTarget[] {
  return settings.sources.flatMap(({ name: source, accounts }) =>
    accounts.flatMap(({ name: account }) =>
      (sources.get(source)?.entities ?? []).map(({ name: entity }) => ({ source, account, entity })),
    ),
  );
}
