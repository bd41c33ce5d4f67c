import type { LastRun, TargetStatus } from '../db/status.ts';
import { commonWords, span } from '../words/common.ts';
import { dictionary, type Language } from '../words/dictionary.ts';
import { counted } from '../words/plural.ts';
import type { Freshness } from './freshness.ts';

/** Grey: nobody expects anything of it. */
export type Light = 'green' | 'amber' | 'red' | 'grey';

export type ReasonCode =
  | 'paused'
  | 'late'
  | 'run_failed'
  | 'run_partial'
  | 'quarantined'
  | 'parked'
  | 'open_issues'
  | 'never_read'
  | 'unscheduled'
  | 'fresh';

export interface Reason {
  code: ReasonCode;
  light: Light;
  /** Records or issues, where the reason counts some. */
  count?: number;
}

export interface Verdict {
  light: Light;
  /** The weightiest first, a pause before all; never empty. */
  reasons: [Reason, ...Reason[]];
}

const WEIGHT: Record<Light, number> = { red: 0, amber: 1, grey: 2, green: 3 };

/** How an entity of an account stands: late or failed is red, incomplete is amber, paused is grey whatever else there is. */
export function judgeTarget(status: TargetStatus, freshness: Freshness, { paused = false } = {}): Verdict {
  const reasons = reasonsOf(status, freshness).sort((a, b) => WEIGHT[a.light] - WEIGHT[b.light]);
  if (paused) return { light: 'grey', reasons: [{ code: 'paused', light: 'grey' }, ...reasons] };
  const [first, ...rest] = reasons;
  if (!first) throw new Error(`no reason for the freshness ${freshness}`);
  return { light: first.light, reasons: [first, ...rest] };
}

function reasonsOf(status: TargetStatus, freshness: Freshness): Reason[] {
  const { last_run: run, parked, quarantined, dismissed, open_issues } = status;
  const reasons: Reason[] = [];
  const counted = (code: ReasonCode, count: number) => count > 0 && reasons.push({ code, light: 'amber', count });
  if (freshness === 'late') reasons.push({ code: 'late', light: 'red' });
  if (run?.status === 'failed') reasons.push({ code: 'run_failed', light: 'red' });
  if (run?.status === 'partial' && !isDismissed(run, dismissed)) reasons.push({ code: 'run_partial', light: 'amber' });
  if (freshness === 'never') reasons.push({ code: 'never_read', light: 'amber' });
  counted('quarantined', quarantined - dismissed);
  // While a run is going its records wait for parents that come on a later page.
  if (run?.status !== 'running') counted('parked', parked);
  counted('open_issues', open_issues);
  if (freshness === 'unscheduled') reasons.push({ code: 'unscheduled', light: 'grey' });
  if (freshness === 'ok') reasons.push({ code: 'fresh', light: 'green' });
  return reasons;
}

/** Nothing is missing in the run but records whose problems an operator has dismissed. */
function isDismissed(run: LastRun, dismissed: number): boolean {
  return run.error === null && run.parked === 0 && run.quarantined > 0 && run.quarantined <= dismissed;
}

const words = dictionary({
  en: {
    paused: 'paused',
    late: (ago: string) => `late: last read ${ago}`,
    run_failed: 'the last run failed',
    run_partial: 'the last run is not complete',
    quarantined: (n: number) => `${n} quarantined`,
    parked: (n: number) => `${n} wait for a parent`,
    open_issues: (n: number) => counted('en', n, { one: 'open issue', other: 'open issues' }),
    never_read: 'never read to the end',
    unscheduled: 'no schedule',
    fresh: (ago: string) => `read ${ago}`,
  },
  ru: {
    paused: 'на паузе',
    late: (ago: string) => `опаздывает: прочитано ${ago}`,
    run_failed: 'последний прогон завершился ошибкой',
    run_partial: 'последний прогон неполный',
    quarantined: (n: number) => `в карантине: ${n}`,
    parked: (n: number) => `ждут родителя: ${n}`,
    open_issues: (n: number) => `открытых проблем: ${n}`,
    never_read: 'ещё ни разу не прочитано до конца',
    unscheduled: 'нет расписания',
    fresh: (ago: string) => `прочитано ${ago}`,
  },
});

export function reasonText(
  { code, count = 0 }: Reason,
  { last_read_at: readAt }: Pick<TargetStatus, 'last_read_at'>,
  at: Date,
  language: Language,
): string {
  const say = words(language);
  const common = commonWords(language);
  const ago = readAt ? common.ago(span(+at - +readAt, common)) : common.never;
  const word = say[code];
  if (typeof word === 'string') return word;
  return (word as (value: number | string) => string)(code === 'late' || code === 'fresh' ? ago : count);
}
