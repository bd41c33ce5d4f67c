import { readVendorRequests } from '../db/overview/vendor-requests.ts';
import { type Paused, readPauses } from '../db/pauses.ts';
import { type RunningRun, readRunning } from '../db/status.ts';
import type { Light } from '../health/judge-target.ts';
import { readHealth, type TargetHealth } from '../health/read-health.ts';
import { targetsOf } from '../health/targets-of.ts';
import { worstLight } from '../health/worst-light.ts';
import type { QueueDepth } from '../jobs/queue-depths.ts';
import type { SourceSettings } from '../settings/settings.ts';
import { budgetsOf, type VendorBudget } from './budgets.ts';
import type { OperationsContext } from './context.ts';
import { readDepths } from './depths.ts';

export interface EntityOverview extends TargetHealth {
  /** The entity in whose runs it is read; null for one with runs of its own. */
  part_of: string | null;
}

export interface AccountOverview {
  account: string;
  timezone: string;
  currency: string;
  /** The worst of its entities. */
  light: Light;
  /** Of the account as a whole. */
  paused: Paused | null;
  budgets: VendorBudget[];
  /** Its fetch queues; null when the queue does not answer. */
  queues: QueueDepth[] | null;
  entities: EntityOverview[];
}

export interface SourceOverview {
  source: string;
  title: string;
  light: Light;
  accounts: AccountOverview[];
}

export interface Overview {
  /** The database's clock: what ages are reckoned from. */
  at: Date;
  light: Light;
  queue_backend: 'redis' | 'postgres';
  /** Processes that apply records; null when the queue does not answer. */
  workers: number | null;
  /** Queues of all accounts together. */
  queues: QueueDepth[] | null;
  running: RunningRun[];
  sources: SourceOverview[];
}

/** How everything stands. Nothing in it grows with the number of records. */
export async function readOverview(context: OperationsContext): Promise<Overview> {
  const { db, settings, sources, queues } = context;
  const [{ at, entities }, pauses, used, running, depths] = await Promise.all([
    readHealth(context, targetsOf(context)),
    readPauses(db),
    readVendorRequests(db),
    readRunning(
      db,
      settings.sources.map(({ name }) => name),
    ),
    readDepths(context),
  ]);
  const byAccount = Map.groupBy(entities, ({ source, account }) => `${source} ${account}`);
  const partOf = (source: string, entity: string) =>
    sources.get(source)?.entities.find(({ name }) => name === entity)?.partOf ?? null;

  const accountOf = (source: SourceSettings, { name, timezone, currency }: SourceSettings['accounts'][number]) => {
    const here = byAccount.get(`${source.name} ${name}`) ?? [];
    const ours = `fetch.${source.name}.${name}.`;
    return {
      account: name,
      timezone,
      currency,
      light: worstLight(here.map(({ verdict }) => verdict.light)),
      paused:
        pauses.find((pause) => pause.source === source.name && pause.account === name && pause.entity === null) ?? null,
      budgets: budgetsOf(source, name, used),
      queues: depths?.queues.filter(({ queue }) => queue.startsWith(ours)) ?? null,
      entities: here.map((entity) => ({ ...entity, part_of: partOf(source.name, entity.entity) })),
    };
  };
  const all = settings.sources.map((source) => {
    const accounts = source.accounts.map((account) => accountOf(source, account));
    const light = worstLight(accounts.map((account) => account.light));
    return { source: source.name, title: sources.get(source.name)?.title ?? source.name, light, accounts };
  });
  return {
    at,
    light: worstLight(all.map((source) => source.light)),
    queue_backend: queues.backend,
    workers: depths?.workers ?? null,
    queues: depths?.queues.filter(({ queue }) => !queue.startsWith('fetch.')) ?? null,
    running,
    sources: all,
  };
}
