import type { Finding } from '../db/compare/read-findings.ts';
import { dictionary } from '../words/dictionary.ts';

export const compareWords = dictionary({
  en: {
    totals: (listed: number, here: number) => `${listed} listed at the source, ${here} here`,
    incomplete: (why: string) =>
      `The source's list was not read to its end, so what is gone there is not known: ${why}`,
    missing: 'missing here',
    different: 'different',
    not_listed: 'gone there',
    only_by_id: 'not in the list, but there when asked for by id (no difference)',
    notListedUnknown:
      "not listed there (this source's list is not all it has, so nothing follows and nothing is deleted)",
    duplicates: 'listed several times by the source (no difference)',
    kept_out: 'kept out by an operator (no difference)',
    times: (n: number) => `${n} times`,
    more: (n: number) => `… and ${n} more (--limit, or --json for all)`,
    equal: 'Equal.',
    notEqual: 'Not equal.',
    howToFix: (entity: string, source: string) => `To repair: ./pmsync compare ${entity} --source ${source} --fix`,
    unknown: 'never landed',
    row: 'its row was deleted behind our back',
    deleted: 'deleted here, listed there',
    listed: 'known by id only, still to be read',
    pending: 'landed, being applied',
    gone: 'was looked for and not found then',
    parked: (names: string) => `waits for ${names || 'a missing record that has come since'}`,
    quarantined: (why: string) => `quarantined: ${why}`,
    comparing: 'Comparing; Ctrl+C stops.',
    fixing: 'Repairing what differs.',
    again: 'Comparing again.',
    stopped: 'Stopped; nothing has been changed by the comparison.',
    fixed: (applied: number, again: number) =>
      `${applied} applied again from what had landed, ${again} read again at the source`,
    left: (n: number, source: string, account: string, entity: string) =>
      `${n} cannot be read one by one. Run: ./pmsync sync --source ${source} --account ${account} --entity ${entity} --full --wait`,
    kept: 'What is not listed there stays here: at this source that proves nothing.',
    verified: (n: number) => `${n} that are not listed any more were read by id; what is not there is marked deleted`,
    buried: (n: number) => `${n} that are not listed any more were marked deleted`,
    held: (percent: string, command: string) =>
      `${percent} % of the rows would be deleted: held by the brake (deleteBrake). If that is right, run: ${command}`,
  },
  ru: {
    totals: (listed: number, here: number) => `в источнике: ${listed}, здесь: ${here}`,
    incomplete: (why: string) =>
      `Список источника прочитан не до конца, поэтому неизвестно, чего там больше нет: ${why}`,
    missing: 'нет здесь',
    different: 'отличаются',
    not_listed: 'нет в источнике',
    only_by_id: 'нет в списке, но по id источник их отдаёт (это не расхождение)',
    notListedUnknown:
      'нет в списке источника (список у этого источника неполный: это ничего не значит, ничего не удаляется)',
    duplicates: 'источник перечислил несколько раз (это не расхождение)',
    kept_out: 'исключены оператором (это не расхождение)',
    times: (n: number) => `раз: ${n}`,
    more: (n: number) => `… и ещё ${n} (--limit, или --json для всех)`,
    equal: 'Совпадает.',
    notEqual: 'Есть расхождения.',
    howToFix: (entity: string, source: string) => `Исправить: ./pmsync compare ${entity} --source ${source} --fix`,
    unknown: 'никогда не приходила',
    row: 'строка удалена в обход pmsync',
    deleted: 'здесь удалена, в источнике есть',
    listed: 'известен только id, ещё не прочитана',
    pending: 'получена, записывается',
    gone: 'искали, тогда не нашли',
    parked: (names: string) => `ждёт ${names || 'недостающую запись, которая уже пришла'}`,
    quarantined: (why: string) => `карантин: ${why}`,
    comparing: 'Сравниваем; Ctrl+C остановит.',
    fixing: 'Исправляем расхождения.',
    again: 'Сравниваем ещё раз.',
    stopped: 'Остановлено; само сравнение ничего не меняет.',
    fixed: (applied: number, again: number) =>
      `записано заново из полученного: ${applied}, прочитано заново в источнике: ${again}`,
    left: (n: number, source: string, account: string, entity: string) =>
      `По одной прочитать нельзя: ${n}. Запустите: ./pmsync sync --source ${source} --account ${account} --entity ${entity} --full --wait`,
    kept: 'Чего нет в списке источника, остаётся здесь: у этого источника это ничего не доказывает.',
    verified: (n: number) =>
      `проверено по id из тех, кого больше нет в списке: ${n}; отсутствующие отмечены удалёнными`,
    buried: (n: number) => `отмечено удалёнными из тех, кого больше нет в списке: ${n}`,
    held: (percent: string, command: string) =>
      `Пришлось бы удалить ${percent} % строк: остановлено тормозом (deleteBrake). Если так и надо, запустите: ${command}`,
  },
});

export type CompareWords = ReturnType<typeof compareWords>;

/** Why a record that the vendor lists has no row here. */
export function reasonText(say: CompareWords, { reason, waits_for: waits, error }: Finding): string {
  switch (reason) {
    case 'parked':
      return say.parked((waits ?? []).join(', '));
    case 'quarantined':
      return say.quarantined(error ?? '');
    case 'unknown':
    case 'row':
    case 'deleted':
    case 'listed':
    case 'pending':
    case 'gone':
      return say[reason];
    default:
      return reason ?? '';
  }
}
