import type { Paused } from '../db/pauses.ts';
import type { LastRun, RunningRun } from '../db/status.ts';
import type { Freshness } from '../health/freshness.ts';
import type { TargetHealth } from '../health/read-health.ts';
import type { QueueDepth } from '../jobs/queue-depths.ts';
import { type CommonWords, commonWords, span, wordFor } from '../words/common.ts';
import { dictionary, type Language } from '../words/dictionary.ts';
import type { Output, Paint } from './output.ts';
import { pauseText } from './show-paused.ts';
import { runNotes } from './show-sync.ts';

export interface Status {
  at: Date;
  queue_backend: string;
  entities: TargetHealth[];
  running: RunningRun[];
  queues: (QueueDepth & { workers: number })[];
  /** Fields that sources have begun to send. */
  drift: { source: string; entity: string; path: string }[];
}

const words = dictionary({
  en: {
    entityTitles:
      'account|entity|read|last run|fetched|new|changed|rows|pending|parked|quarantined|without parent|open issues',
    queueTitles: 'queue|waiting|oldest|active|delayed|failed|workers',
    ok: 'ok',
    paused: 'paused',
    late: 'LATE',
    unscheduled: 'no schedule',
    empty: 'Nothing has been read yet. Read everything with:  ./pmsync sync --wait',
    noWorkers: 'No worker is running, so jobs wait. Start with:  ./pmsync start',
    drift: (source: string, entity: string, fields: string) =>
      `${source} ${entity}: new fields at the source: ${fields}. Look at them:  ./pmsync analyze --source ${source} --entity ${entity}`,
    idle: 'Nothing is running.',
    running: 'Running:',
    run: (fetched: number, pending: number, parked: number) =>
      `${fetched} fetched, ${pending} to apply, ${parked} wait for a parent`,
    hint: 'See why a record does not go through:  ./pmsync explain <entity> <external id> --source <source>',
  },
  ru: {
    entityTitles:
      'аккаунт|сущность|прочитано|последний прогон|получено|новых|изменено|строк|в очереди|ждут|карантин|без родителя|проблем',
    queueTitles: 'очередь|ждут|старейшая|в работе|отложено|ошибок|воркеров',
    ok: 'вовремя',
    paused: 'пауза',
    late: 'ОПАЗДЫВАЕТ',
    unscheduled: 'без расписания',
    empty: 'Ещё ничего не прочитано. Прочитать всё:  ./pmsync sync --wait',
    noWorkers: 'Ни один воркер не запущен, задачи ждут. Запустите:  ./pmsync start',
    drift: (source: string, entity: string, fields: string) =>
      `${source} ${entity}: новые поля в источнике: ${fields}. Посмотреть:  ./pmsync analyze --source ${source} --entity ${entity}`,
    idle: 'Сейчас ничего не выполняется.',
    running: 'Выполняется:',
    run: (fetched: number, pending: number, parked: number) =>
      `получено ${fetched}, осталось записать ${pending}, ждут родителя ${parked}`,
    hint: 'Почему запись не проходит:  ./pmsync explain <сущность> <внешний id> --source <источник>',
  },
});

type Words = ReturnType<typeof words>;
interface View {
  out: Output;
  say: Words;
  common: CommonWords;
  at: Date;
}

const PAINT: Partial<Record<string, Paint>> = {
  ok: 'green',
  late: 'red',
  never: 'yellow',
  succeeded: 'green',
  partial: 'yellow',
  failed: 'red',
};

export function showStatus(out: Output, language: Language, { at, entities, running, queues, drift }: Status): void {
  const view: View = { out, say: words(language), common: commonWords(language), at };
  const { say, common } = view;
  for (const [source, group] of Map.groupBy(entities, (entity) => entity.source)) {
    out.line(out.paint('bold', source));
    const rows = group.map((entity) => entityRow(view, entity));
    out.table(say.entityTitles.split('|'), rows);
    const pauses = new Map(group.flatMap(({ paused }) => (paused ? [[JSON.stringify(paused), paused] as const] : [])));
    for (const paused of pauses.values()) out.line(out.paint('yellow', pauseText(paused, language)));
    for (const { account, entity, last_run: run } of group)
      for (const note of run ? runNotes(run, language) : []) out.line(`${account} ${entity}: ${note}`);
    out.line();
  }
  for (const [, fields] of Map.groupBy(drift, ({ source, entity }) => `${source} ${entity}`)) {
    const { source = '', entity = '' } = fields[0] ?? {};
    out.line(out.paint('yellow', say.drift(source, entity, fields.map(({ path }) => path).join(', '))));
  }
  out.line(running.length === 0 ? say.idle : say.running);
  for (const { source, account, entity, trigger, started_at: since, ...run } of running) {
    const counts = say.run(run.fetched, run.pending, run.parked);
    out.line(`  ${source} ${account} ${entity} (${trigger}, ${span(+at - +since, common)}): ${counts}`);
  }
  out.line();
  out.table(
    say.queueTitles.split('|'),
    queues.map(({ oldest_waiting_at: oldest, ...depth }) => [
      depth.queue,
      depth.waiting,
      oldest ? span(+at - +oldest, common) : '–',
      depth.active,
      depth.delayed,
      depth.failed,
      depth.workers,
    ]),
  );
  out.line();
  if (queues.every((depth) => depth.workers === 0)) out.line(say.noWorkers);
  if (entities.every((entity) => entity.last_run === null)) out.line(say.empty);
  else if (entities.some((entity) => entity.open_issues > 0)) out.line(say.hint);
}

function entityRow(view: View, { last_run: run, ...status }: Status['entities'][number]) {
  return [
    status.account,
    status.entity,
    freshText(view, status),
    run ? runText(view, run) : '–',
    run?.fetched ?? 0,
    run?.inserted ?? 0,
    run?.updated ?? 0,
    status.rows,
    status.pending,
    status.parked,
    status.quarantined,
    status.without_parent,
    status.open_issues,
  ];
}

function freshText(
  { out, say, common, at }: View,
  status: { freshness: Freshness; last_read_at: Date | null; paused: Paused | null },
): string {
  const { freshness, last_read_at: readAt, paused } = status;
  const word = freshness === 'never' ? common.never : say[freshness];
  const painted = paused ? say.paused : paint(out, freshness, word);
  return readAt ? `${painted}, ${common.ago(span(+at - +readAt, common))}` : painted;
}

function runText({ out, common, at }: View, run: LastRun): string {
  const when = run.finished_at ?? run.started_at;
  return `${paint(out, run.status, wordFor(run.status, common))}, ${common.ago(span(+at - +when, common))}`;
}

function paint(out: Output, key: string, word: string): string {
  const how = PAINT[key];
  return how ? out.paint(how, word) : word;
}
