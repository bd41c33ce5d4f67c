import { Gauge, type Registry } from 'prom-client';
import type { RequestsUsed } from '../../db/overview/vendor-requests.ts';
import type { Settings } from '../../settings/settings.ts';

const MINUTE_MS = 60_000;

/** How much of what each vendor allows is used, by account and rate class. */
export function createBudgetFigures(registry: Registry, { sources }: Settings) {
  const labelNames = ['source', 'account', 'class'] as const;
  const allowed = new Gauge({
    name: 'pmsync_vendor_allowed_requests_per_minute',
    help: 'What the settings allow.',
    labelNames,
    registers: [registry],
  });
  const used = new Gauge({
    name: 'pmsync_vendor_budget_used_ratio',
    help: 'Requests sent in the last minute (1m) or five (5m), as a share of what is allowed in that time.',
    labelNames: [...labelNames, 'window'],
    registers: [registry],
  });

  return {
    clear() {
      allowed.reset();
      used.reset();
    },
    show(uses: readonly RequestsUsed[]) {
      const sent = new Map(uses.map((use) => [`${use.source} ${use.account} ${use.rate_class}`, use]));
      for (const { name: source, accounts, limits } of sources)
        for (const { name: account } of accounts)
          for (const [rateClass, { max, perMs }] of Object.entries(limits)) {
            const labels = { source, account, class: rateClass };
            const perMinute = (max * MINUTE_MS) / perMs;
            const use = sent.get(`${source} ${account} ${rateClass}`);
            allowed.set(labels, perMinute);
            used.set({ ...labels, window: '1m' }, (use?.last_minute ?? 0) / perMinute);
            used.set({ ...labels, window: '5m' }, (use?.last_5_minutes ?? 0) / (5 * perMinute));
          }
    },
  };
}
