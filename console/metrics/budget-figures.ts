import { Gauge, type Registry } from 'prom-client';
import type { RequestsUsed } from '../../db/overview/vendor-requests.ts';
import { budgetsOf } from '../../operations/budgets.ts';
import type { Settings } from '../../settings/settings.ts';

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
      for (const source of sources)
        for (const { name: account } of source.accounts)
          for (const budget of budgetsOf(source, account, uses)) {
            const labels = { source: source.name, account, class: budget.rate_class };
            allowed.set(labels, budget.allowed_per_minute);
            used.set({ ...labels, window: '1m' }, budget.last_minute / budget.allowed_per_minute);
            used.set({ ...labels, window: '5m' }, budget.last_5_minutes / (5 * budget.allowed_per_minute));
          }
    },
  };
}
