import { Gauge, type Registry } from 'prom-client';
import type { IssueCount } from '../../db/issue-counts.ts';
import { ISSUE_KINDS } from '../../db/issues.ts';
import type { Settings } from '../../settings/settings.ts';

/** Open issues by kind, 0 included: what is not there cannot grow. */
export function createIssueFigures(registry: Registry, { sources }: Settings) {
  const open = new Gauge({
    name: 'pmsync_open_issues',
    help: 'Issues that an operator may have to look at, by kind.',
    labelNames: ['source', 'account', 'kind'],
    registers: [registry],
  });
  return {
    clear: () => open.reset(),
    show(counts: readonly IssueCount[]) {
      open.reset();
      for (const { name: source, accounts } of sources)
        for (const { name: account } of accounts)
          for (const kind of ISSUE_KINDS) open.set({ source, account, kind }, 0);
      for (const { source, account, kind, open: number } of counts) open.set({ source, account, kind }, number);
    },
  };
}
