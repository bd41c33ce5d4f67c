import { commonWords, wordFor } from '../words/common.ts';
import { dictionary, type Language } from '../words/dictionary.ts';
import type { Output } from './output.ts';
import type { SyncReport } from './sync-and-report.ts';
import type { RunRow } from './sync-runs.ts';

export const syncWords = dictionary({
  en: {
    titles: 'source|account|entity|status|fetched|new|changed|same|older|waiting|invalid|requests|seconds',
    requested: (n: number) => `${n} runs asked for. Progress: ./pmsync status`,
    interrupted: 'Stopped before the end; nothing is lost. The next sync goes on from here.',
    openIssues: (n: number) => `${n} open issues:`,
    noIssues: 'No open issues.',
    more: (n: number) => `… and ${n} more: ./pmsync status`,
    keptOut: (n: number) => `${n} records are kept out by an operator (./pmsync delete … --let-in lifts that).`,
    deleted: (n: number) => `${n} not at the source any more: deleted here`,
    missed: (n: number) => `${n} changes found by the hot set that the change list had kept quiet about`,
  },
  ru: {
    titles: 'источник|аккаунт|сущность|итог|получено|новых|изменено|без изм.|старее|ждут|с ошибкой|запросов|секунд',
    requested: (n: number) => `Запрошено синхронизаций: ${n}. Ход: ./pmsync status`,
    interrupted: 'Остановлено до конца; ничего не потеряно. Следующая синхронизация продолжит с этого места.',
    openIssues: (n: number) => `Открытых проблем: ${n}`,
    noIssues: 'Открытых проблем нет.',
    more: (n: number) => `… и ещё ${n}: ./pmsync status`,
    keptOut: (n: number) => `Исключено оператором записей: ${n} (отменить: ./pmsync delete … --let-in).`,
    deleted: (n: number) => `нет больше в источнике, удалено здесь: ${n}`,
    missed: (n: number) => `изменений, о которых список изменений умолчал, нашла горячая выборка: ${n}`,
  },
});

const SHOWN_ISSUES = 30;

/** The table of the runs, then a line for each open issue. */
export function showSync(out: Output, language: Language, { runs, issues, kept_out: keptOut, ok }: SyncReport): void {
  if (out.json) {
    out.data({ ok, runs, issues, kept_out: keptOut });
    return;
  }
  const words = syncWords(language);
  const common = commonWords(language);
  out.line();
  out.table(
    words.titles.split('|'),
    runs.map((run) => rowOf(run, wordFor(run.status, common))),
  );
  for (const run of runs)
    for (const note of runNotes(run, language)) out.line(`${run.source} ${run.account} ${run.entity}: ${note}`);
  for (const run of runs)
    if (run.error) out.line(out.paint('red', `${run.source} ${run.account} ${run.entity}: ${run.error}`));
  if (keptOut > 0) out.line(words.keptOut(keptOut));
  out.line();
  out.line(issues.length > 0 ? words.openIssues(issues.length) : words.noIssues);
  for (const issue of issues.slice(0, SHOWN_ISSUES)) {
    out.line(
      `  ${issue.source} ${issue.account} ${issue.entity} ${issue.external_id ?? ''}  ${issue.kind}: ${issue.message}`,
    );
  }
  if (issues.length > SHOWN_ISSUES) out.line(`  ${words.more(issues.length - SHOWN_ISSUES)}`);
}

/** What the columns of the table do not say, in words. */
export function runNotes({ deleted, missed }: Pick<RunRow, 'deleted' | 'missed'>, language: Language): string[] {
  const words = syncWords(language);
  return [deleted > 0 && words.deleted(deleted), missed > 0 && words.missed(missed)].filter((note) => note !== false);
}

function rowOf(run: RunRow, status: string): (string | number)[] {
  const seconds = run.finished_at ? ((run.finished_at.getTime() - run.started_at.getTime()) / 1000).toFixed(1) : '–';
  const { source, account, entity, fetched, inserted, updated, unchanged, stale, parked, quarantined, requests } = run;
  return [
    source,
    account,
    entity,
    status,
    fetched,
    inserted,
    updated,
    unchanged,
    stale,
    parked,
    quarantined,
    requests,
    seconds,
  ];
}
