import { worstLight } from '../../../health/worst-light.ts';
import { type ChartRange, type Charts, readCharts } from '../../../operations/charts.ts';
import type { OperationsContext } from '../../../operations/context.ts';
import {
  type AccountOverview,
  type EntityOverview,
  type Overview,
  readOverview,
} from '../../../operations/overview.ts';
import { within } from '../../../operations/within.ts';
import type { Schedule } from '../../../settings/settings.ts';

export interface OverviewQuery {
  range: ChartRange;
  source?: string | undefined;
  account?: string | undefined;
}

export interface ShownEntity extends EntityOverview {
  /** How often it is to be read; null when nothing says so. */
  schedule: Schedule | null;
}

export interface ShownAccount extends AccountOverview {
  entities: ShownEntity[];
}

export interface OverviewData extends Overview {
  sources: (Omit<Overview['sources'][number], 'accounts'> & { accounts: ShownAccount[] })[];
  /** Null while they are still being summed up. */
  charts: Charts | null;
}

/** The page does not wait longer for its charts; they come with one of the next looks. */
const PATIENCE_MS = 100;

/**
 * Everything, or one source or account of it. Undefined when the settings have no such thing. `whole`: with the charts, however
 * long they take.
 */
export async function readPage(
  context: OperationsContext,
  { range, source, account }: OverviewQuery,
  { whole }: { whole: boolean },
): Promise<OverviewData | undefined> {
  const summing = readCharts(context, range, { source, account });
  // Waited for below, perhaps after it has failed.
  summing.catch(() => {});
  const overview = await readOverview(context);
  const charts = (await (whole ? summing : within(PATIENCE_MS, summing))) ?? null;
  const sources = overview.sources
    .filter((each) => !source || each.source === source)
    .map((each) => {
      const accounts = each.accounts
        .filter((one) => !account || one.account === account)
        .map((one) => ({ ...one, entities: one.entities.map((entity) => withSchedule(context, entity)) }));
      return { ...each, accounts, light: worstLight(accounts.map(({ light }) => light)) };
    })
    .filter(({ accounts }) => accounts.length > 0);
  if ((source || account) && sources.length === 0) return undefined;
  const running = overview.running.filter(
    (run) => (!source || run.source === source) && (!account || run.account === account),
  );
  return { ...overview, light: worstLight(sources.map(({ light }) => light)), running, sources, charts };
}

function withSchedule({ settings }: OperationsContext, entity: EntityOverview): ShownEntity {
  const schedule = settings.sources.find(({ name }) => name === entity.source)?.schedule ?? {};
  return { ...entity, schedule: schedule[entity.part_of ?? entity.entity] ?? schedule.full ?? null };
}
