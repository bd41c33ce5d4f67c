import { z } from 'zod';
import type { JobContext } from '../../../jobs/define-job.ts';
import { LANGUAGES } from '../../../words/dictionary.ts';
import { day, given, optionalText } from '../../page/fields.ts';

/** Which report is meant. An empty field of the form counts as not given. */
export const reportQuery = z.object({
  /** `<source>/<account>`, as the form's list of accounts sends it. */
  target: optionalText,
  source: optionalText,
  account: optionalText,
  date: given(day),
  language: given(z.enum(LANGUAGES)),
});
export type ReportQuery = z.infer<typeof reportQuery>;

export interface Target {
  source: string;
  account: string;
}

/** Every account of the settings. */
export function allTargets({ settings }: Pick<JobContext, 'settings'>): Target[] {
  return settings.sources.flatMap(({ name: source, accounts }) =>
    accounts.map(({ name: account }) => ({ source, account })),
  );
}

/** The account that is asked for; where there is only one, that one. Undefined: none has been chosen. */
export function targetOf(query: ReportQuery, targets: readonly Target[]): Target | undefined {
  const [source, account] = query.target?.split('/') ?? [query.source, query.account];
  if (source === undefined && targets.length === 1) return targets[0];
  return targets.find((target) => target.source === source && target.account === account);
}
