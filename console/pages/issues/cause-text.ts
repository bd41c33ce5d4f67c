import type { CauseKind } from '../../../db/report/read-causes.ts';
import type { IssueGroup } from '../../../operations/issues.ts';
import { causeTitle } from '../../../reports/words/cause-words.ts';
import { dictionary, type Language } from '../../../words/dictionary.ts';

interface Texts {
  means: string;
  todo: string;
}
type Kind = Exclude<CauseKind, 'broken_run' | 'session'>;

const words = dictionary<Record<`${Kind}_${keyof Texts}`, string>>({
  en: {
    gone_parent_means:
      'The records refer to it, and no account has it. They are stored all the same, with this link left empty.',
    gone_parent_todo:
      'Deleted there on purpose: dismiss the issue. Restored there, or a missing account added to the settings: put the records back into the line, it is looked for again.',
    invalid_field_means:
      'The source sends a value that cannot be stored, so the records are set aside. What was stored of them before stays as it was.',
    invalid_field_todo:
      'Correct the value at the source; the next run takes it. If the value is right, pmsync has to learn it: tell us the field and the rule.',
    unauthorized_means: 'The source does not accept our key, so nothing new comes in from this account.',
    unauthorized_todo: 'Put a new key into .env and restart. The issue closes itself at the next complete run.',
    rejected_means: 'The source refuses what we ask for, so this list cannot be read.',
    rejected_todo:
      'Compare baseUrl and the rights of the key with what the source says, then run again. The issue closes itself at the next complete run.',
    unavailable_means: 'The source did not answer as it should, so a part of the list is missing.',
    unavailable_todo: 'Nothing at first: it is asked again by itself. If it lasts, ask the vendor.',
    silent_look_up_means: 'Records refer to these, and not every account could be asked for them.',
    silent_look_up_todo: 'Nothing at first: they are looked for again every few minutes by themselves.',
    delete_brake_means:
      'So many records have vanished at once that the list may be wrong. Until somebody decides, no further one is deleted here.',
    delete_brake_todo:
      'Look into the source. If they are really gone, run the command in the message; else do nothing.',
  },
  ru: {
    gone_parent_means:
      'Записи ссылаются на него, но ни в одном аккаунте его нет. Они всё равно сохранены, эта связь осталась пустой.',
    gone_parent_todo:
      'Если удалён там намеренно — закройте проблему. Если восстановлен или в настройки добавлен недостающий аккаунт — верните записи в очередь, его поищут снова.',
    invalid_field_means:
      'Источник присылает значение, которое нельзя записать, поэтому записи отложены. Сохранённое раньше осталось как было.',
    invalid_field_todo:
      'Исправьте значение в источнике, следующий прогон его возьмёт. Если значение верное, научить нужно pmsync: сообщите нам поле и правило.',
    unauthorized_means: 'Источник не принимает наш ключ, и из этого аккаунта ничего нового не приходит.',
    unauthorized_todo:
      'Запишите новый ключ в .env и перезапустите. Проблема закроется сама при следующем полном прогоне.',
    rejected_means: 'Источник отклоняет наш запрос, и этот список не читается.',
    rejected_todo:
      'Сверьте baseUrl и права ключа с тем, что говорит источник, и запустите снова. Проблема закроется сама при следующем полном прогоне.',
    unavailable_means: 'Источник не ответил как положено, и часть списка не прочитана.',
    unavailable_todo: 'Пока ничего: его спросят снова автоматически. Если не проходит — обратитесь к поставщику.',
    silent_look_up_means: 'На них ссылаются другие записи, но спросить удалось не все аккаунты.',
    silent_look_up_todo: 'Пока ничего: их ищут снова каждые несколько минут.',
    delete_brake_means:
      'Исчезло сразу столько записей, что ошибаться может сам список. Пока никто не решил, больше ничего не удаляется.',
    delete_brake_todo:
      'Посмотрите в источнике. Если записей правда нет, выполните команду из сообщения; если есть — ничего не делайте.',
  },
});

export interface CauseText extends Texts {
  /** `client 12345 is gone at RentProg: blocks 9 bookings` */
  title: string;
}

/** A group of issues in words. `sourceTitle`: the source's own name. */
export function causeText(group: IssueGroup, sourceTitle: string, language: Language): CauseText {
  const { parent, problem, entities, accounts, count, external_ids: ids } = group;
  const kind = kindOf(group);
  const named = {
    kind,
    entity: parent?.entity ?? entities[0] ?? '',
    name: parent?.external_id ?? problem?.field ?? '',
    detail: problem ? `${problem.rule} (${problem.found})` : '',
    problems: count,
    entities: entities.length > 0 ? entities : ids,
    waiters: 0,
    scenarios: [],
  };
  const title = causeTitle(named, { source_title: sourceTitle, account: accounts.join(', ') }, language);
  const say = words(language);
  return {
    title: kind === 'invalid_field' ? title : sentence(title),
    means: say[`${kind}_means`],
    todo: say[`${kind}_todo`],
  };
}

function kindOf({ kind, external_ids: ids }: IssueGroup): Kind {
  switch (kind) {
    case 'missing_parent':
      return 'gone_parent';
    case 'invalid_record':
      return 'invalid_field';
    case 'unavailable':
      return ids.length > 0 ? 'silent_look_up' : 'unavailable';
    default:
      return kind;
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
