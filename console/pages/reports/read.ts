import type { JobContext } from '../../../jobs/define-job.ts';
import { readReport } from '../../../reports/read-report.ts';
import type { Report } from '../../../reports/report.ts';
import { type ToldReport, tellReport } from '../../../reports/tell-report.ts';
import type { Language } from '../../../words/dictionary.ts';
import type { Visit } from '../../page/visit.ts';
import { allTargets, type ReportQuery, type Target, targetOf } from './query.ts';

export interface ReportsPage {
  targets: Target[];
  language: Language;
  /** Null while no account has been chosen. */
  report: ToldReport | null;
}

export async function readReports(context: JobContext, query: ReportQuery, visit: Visit): Promise<ReportsPage> {
  const targets = allTargets(context);
  const language = query.language ?? visit.language;
  const target = targetOf(query, targets);
  const report = target ? tellReport(await readReport(context, { ...target, date: query.date }), language) : null;
  return { targets, language, report };
}

export async function readFacts(context: JobContext, query: ReportQuery): Promise<Report | undefined> {
  const target = targetOf(query, allTargets(context));
  return target && readReport(context, { ...target, date: query.date });
}
