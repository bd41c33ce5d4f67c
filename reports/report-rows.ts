import type { Language } from '../words/dictionary.ts';
import { oneLine } from './plain-text.ts';
import type { Problem } from './report.ts';
import type { ToldReport } from './tell-report.ts';
import { utc, utcText } from './utc.ts';
import { kindWords, reportWords } from './words/report-words.ts';

/** A kind in the reader's language; one without a word stays as it is. */
export function kindText(kind: string, language: Language): string {
  return (kindWords(language) as Record<string, string>)[kind] ?? kind;
}

/** Facts at the head of a report: a name and a text each. */
export function factRows(report: ToldReport): [string, string][] {
  const say = reportWords(report.language);
  const { source_title, source, account, date, zone, from, to, generated_at, total, now, reading } = report;
  const sum = (count: (row: (typeof reading)[number]) => number) => reading.reduce((n, row) => n + count(row), 0);
  const read = say.readText(
    sum((row) => row.runs),
    sum((row) => row.fetched),
    sum((row) => row.inserted + row.updated),
    sum((row) => row.requests),
  );
  return [
    [say.source, source_title === source ? source : `${source_title} (${source})`],
    [say.account, account],
    [say.day, say.dayText(date, zone, utcText(from), utcText(to))],
    [say.generated, utcText(generated_at)],
    [
      say.total,
      total === 0 ? say.noProblems : say.totalText(total, now.needs_look, now.waiting, now.healed, now.closed),
    ],
    [say.read, reading.length === 0 ? say.nothingRead : read],
  ];
}

export function readingRows({ reading }: ToldReport): (string | number)[][] {
  return reading.map((row) => [
    row.entity,
    row.runs,
    row.succeeded,
    row.partial,
    row.failed,
    row.running,
    row.fetched,
    row.inserted,
    row.updated,
    row.unchanged,
    row.deleted,
  ]);
}

/** What happened then. */
export function problemRows({ problems, language }: ToldReport): string[][] {
  return problems.map((problem) => [
    utc(problem.at),
    problem.entity,
    idText(problem, language),
    problem.number ?? '',
    kindText(problem.kind, language),
    messageText(problem, language),
  ]);
}

/** What happened then, beside how it stands now. */
export function presentRows({ problems, language }: ToldReport): string[][] {
  const say = reportWords(language);
  return problems.map((problem) => {
    const { status, at, resolution } = problem.now;
    const now = resolution === null || status === 'healed' ? say[status] : `${say[status]} (${resolution})`;
    const then = kindText(problem.kind, language);
    return [problem.entity, idText(problem, language), problem.number ?? '', then, now, utc(at ?? problem.at)];
  });
}

function idText({ external_id: id, run_id: runId, kind }: Problem, language: Language): string {
  if (id !== null) return oneLine(id);
  return kind.startsWith('run_') && runId ? runId : reportWords(language).wholeList;
}

function messageText({ message, counts, attempts, is_new }: Problem, language: Language): string {
  const say = reportWords(language);
  const parts = [message];
  if (counts) parts.push(say.runCounts(counts.pages_failed, counts.parked, counts.quarantined));
  if (attempts > 1) parts.push(say.times(attempts));
  if (!is_new) parts.push(say.before);
  return parts.filter((part) => part !== '').join('; ');
}

/** Some records of a cause: `bookings 450490, 450491 and 7 more`. */
export function recordsText({ records, problems }: ToldReport['causes'][number], language: Language): string {
  const groups = Map.groupBy(records, ({ entity }) => entity);
  const named = [...groups].map(
    ([entity, group]) => `${entity} ${group.map(({ external_id: id }) => oneLine(id)).join(', ')}`,
  );
  const more = problems > records.length ? [reportWords(language).andMore(problems - records.length)] : [];
  return [named.join('; '), ...more].join(' ');
}
