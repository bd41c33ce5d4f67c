import type { Language } from '../words/dictionary.ts';
import { oneLine } from './plain-text.ts';
import type { Report } from './report.ts';
import { factRows, kindText, presentRows, problemRows, readingRows, recordsText } from './report-rows.ts';
import { type Step, type ToldCause, type ToldReport, tellReport } from './tell-report.ts';
import { utcText } from './utc.ts';
import { reportWords } from './words/report-words.ts';

/** Reports as GitHub's Markdown. Whatever a vendor has put into a text stays text: no table breaks, no link, no HTML. */
export function renderMarkdown(reports: readonly Report[], language: Language): string {
  return reports.map((report) => `${reportLines(tellReport(report, language)).join('\n')}\n`).join('\n---\n\n');
}

function reportLines(report: ToldReport): string[] {
  const say = reportWords(report.language);
  const lines = [`# ${text(report.title)}`, ''];
  for (const [name, value] of factRows(report)) lines.push(`- ${name}: ${text(value)}`);
  lines.push('');
  if (report.total === 0) lines.push(report.reading.length > 0 ? say.good : say.goodIdle, '');
  else {
    lines.push(`## ${say.problems}`, '', ...table(say.problemTitles, problemRows(report)), '');
    if (report.more_problems > 0) lines.push(say.moreProblems(report.more_problems), '');
    lines.push(`## ${say.analysis}`, '');
    for (const [index, cause] of report.causes.entries()) lines.push(...causeLines(cause, index, report), '');
    for (const { kind, causes, problems } of report.more_causes)
      lines.push(say.moreCauses(causes, problems, kindText(kind, report.language)), '');
    lines.push(`## ${say.now}`, '', ...table(say.nowTitles, presentRows(report)), '');
    if (report.more_problems > 0) lines.push(say.moreProblems(report.more_problems), '');
  }
  if (report.reading.length > 0) lines.push(`## ${say.ofDay}`, '', ...table(say.readTitles, readingRows(report)), '');
  if (report.next_steps.length > 0) lines.push(`## ${say.next}`, '', ...steps(report.next_steps));
  return lines;
}

function causeLines(cause: ToldCause, index: number, { language }: ToldReport): string[] {
  const say = reportWords(language);
  const lines = [`### ${index + 1}. ${text(cause.title)}`, ''];
  lines.push(say.happened(cause.problems, utcText(cause.first_at), utcText(cause.last_at)), '');
  if (cause.message !== '') lines.push(`- ${say.message}: ${text(cause.message)}`);
  if (cause.records.length > 0) lines.push(`- ${say.records}: ${text(recordsText(cause, language))}`);
  lines.push('', `**${say.scenarios}**`, '');
  for (const { verdict, text: what, how } of cause.scenarios)
    lines.push(`- **${say[verdict]}**: ${text(what)} ${text(how)}`);
  lines.push('', `**${say.recommendations}**`, '');
  return [...lines, ...(cause.actions.length > 0 ? steps(cause.actions) : [say.nothingToDo])];
}

function steps(all: readonly Step[]): string[] {
  return all.flatMap(({ text: what, command }, index) => {
    const step = `${index + 1}. ${text(what)}`;
    // Indented by the width of the number, so that it belongs to the step.
    const indent = ' '.repeat(`${index + 1}. `.length);
    return command === null
      ? [step]
      : [step, '', `${indent}\`\`\`sh`, `${indent}${oneLine(command)}`, `${indent}\`\`\``];
  });
}

function table(titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => text(String(cell))).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

/** Markup characters become text, and addresses no links. Only `<`, `>` and `&` are entities: older readers do not take `\<`. */
function text(value: string): string {
  return oneLine(value)
    .replace(/[\\`*_[\]{}|~#!]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('://', '\\://')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}\\.`)
    .replaceAll('@', '\\@');
}
