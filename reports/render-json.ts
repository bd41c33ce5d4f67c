import type { Language } from '../words/dictionary.ts';
import type { Report } from './report.ts';
import { tellReport } from './tell-report.ts';

/** Reports with the words of a language beside the facts. */
export function renderJson(reports: readonly Report[], language: Language): string {
  return `${JSON.stringify({ reports: reports.map((report) => tellReport(report, language)) }, null, 2)}\n`;
}
