import { nearMissText } from '../operations/near-miss-text.ts';
import { commonWords, wordFor } from '../words/common.ts';
import { dictionary, type Language } from '../words/dictionary.ts';
import type { Output } from './output.ts';
import type { Receipt, RequeueReport } from './requeue-receipt.ts';

const words = dictionary({
  en: {
    found: 'found',
    apply: 'enqueued',
    refetch: 'to be read again',
    'look up': 'looked for again',
    wait: 'in the line already',
    waitsFor: (names: string) => `waits for ${names}`,
    without: (names: string) => `without ${names}, which the source does not have`,
    absent: 'the source does not have it; left as it was',
    silent: 'the source has not answered',
    unknown: (id: string, entity: string, source: string) =>
      `${id}  unknown: no ${entity} record with this id at ${source}`,
    nothing: 'Nothing to re-queue: no record is parked, quarantined or without its parent.',
    more: (n: number) => `… and ${n} more`,
    dryRun: 'Nothing has been changed (--dry-run).',
    noWait: 'Enqueued; the workers do the rest. Progress: ./pmsync status',
    late: 'Not finished in time; nothing is lost, it goes on when a worker runs (./pmsync start).',
    summary: (ok: number, all: number, unknown: number) =>
      `${ok} of ${all} applied${unknown > 0 ? `, ${unknown} unknown` : ''}.`,
  },
  ru: {
    found: 'найдена',
    apply: 'в очереди',
    refetch: 'будет прочитана заново',
    'look up': 'ищется заново',
    wait: 'уже в очереди',
    waitsFor: (names: string) => `ждёт ${names}`,
    without: (names: string) => `без ${names}: в источнике этого нет`,
    absent: 'в источнике нет; оставлена как была',
    silent: 'источник не ответил',
    unknown: (id: string, entity: string, source: string) =>
      `${id}  неизвестна: в ${source} нет записи ${entity} с таким id`,
    nothing: 'Возвращать нечего: нет записей, которые ждут, в карантине или без родителя.',
    more: (n: number) => `… и ещё ${n}`,
    dryRun: 'Ничего не изменено (--dry-run).',
    noWait: 'Поставлено в очередь, остальное сделают воркеры. Ход: ./pmsync status',
    late: 'Не успело завершиться; ничего не потеряно, продолжится при запущенном воркере (./pmsync start).',
    summary: (ok: number, all: number, unknown: number) =>
      `Записано ${ok} из ${all}${unknown > 0 ? `, неизвестных: ${unknown}` : ''}.`,
  },
});

type Words = ReturnType<typeof words>;
const MOST_LINES = 200;

export function showRequeue(
  out: Output,
  language: Language,
  source: string,
  entity: string,
  report: RequeueReport,
): void {
  const say = words(language);
  // What did not go through stands first when not all can be shown.
  const records =
    report.records.length > MOST_LINES
      ? report.records.toSorted((a, b) => Number(a.ok) - Number(b.ok))
      : report.records;
  const lines = records
    .slice(0, MOST_LINES)
    .map((receipt) => [
      receipt.external_id,
      receipt.entity,
      receipt.account,
      say.found,
      outcome(out, language, say, receipt),
    ]);
  const ids = Math.max(0, ...lines.map(([id = '']) => id.length));
  const accounts = Math.max(0, ...lines.map(([, , account = '']) => account.length));
  for (const [id = '', name, account = '', ...rest] of lines)
    out.line([id.padEnd(ids), name, account.padEnd(accounts), ...rest].join('  '));
  if (records.length > lines.length) out.line(say.more(records.length - lines.length));
  for (const { external_id: id, near_misses: misses } of report.unknown) {
    const hints = misses.map((miss) => nearMissText(miss, language)).join('; ');
    out.line(out.paint('yellow', say.unknown(id, entity, source)) + (hints && `; ${hints}`));
  }
  out.line(lastWord(say, report));
}

function lastWord(say: Words, { dry_run, finished, records, unknown }: RequeueReport): string {
  if (records.length === 0 && unknown.length === 0) return say.nothing;
  if (dry_run) return say.dryRun;
  if (finished === null) return say.noWait;
  const summary = say.summary(records.filter((receipt) => receipt.ok).length, records.length, unknown.length);
  return finished ? summary : `${summary}\n${say.late}`;
}

function outcome(out: Output, language: Language, say: Words, receipt: Receipt): string {
  const common = commonWords(language);
  const before = wordFor(receipt.before, common);
  if (!receipt.after) return `${before} → ${say[receipt.step]}`;
  const after = out.paint(receipt.ok ? 'green' : 'yellow', wordFor(receipt.after, common));
  const details: string[] = [];
  if (receipt.step === 'refetch') {
    if (receipt.source_says === 'absent') details.push(say.absent);
    else if (receipt.source_says === undefined) details.push(say.silent);
    else if (receipt.source_says !== 'found') details.push(receipt.source_says.failed);
  }
  if (receipt.waits_for) {
    const names = receipt.waits_for.join(', ');
    details.push(receipt.after === 'applied' ? say.without(names) : say.waitsFor(names));
  }
  if (receipt.error) details.push(receipt.error);
  return [`${before} → ${after}`, ...details].join(': ');
}
