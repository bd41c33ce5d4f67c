import type { CauseKind } from '../../db/report/read-causes.ts';
import { dictionary, type Language } from '../../words/dictionary.ts';
import { counted } from '../../words/plural.ts';
import type { Cause } from '../report.ts';
import { nounOf, recordCount } from './nouns.ts';

type Title = (c: Named) => string;
type Titles = Record<CauseKind, Title> & Record<'parent_came' | 'no_account', Title>;

/** A cause with its names in the reader's language. */
interface Named {
  source: string;
  account: string;
  /** `client 12345` */
  subject: string;
  /** `9 bookings` */
  records: string;
  field: string;
  rule: string;
  lists: string;
  silent: string;
  /** `3 records wait for them` */
  waiters: string;
}

const titles = dictionary<Titles & { waiting: (n: number) => string }>({
  en: {
    gone_parent: (c) => `${c.subject} is gone at ${c.source}: blocks ${c.records}`,
    parent_came: (c) => `${c.subject} was not at ${c.source} and has turned up since: ${c.records}`,
    invalid_field: (c) => `${c.field} is not valid, ${c.rule}: ${c.records}`,
    no_account: (c) => `the account ${c.account} is not in the settings any more: ${c.records}`,
    unauthorized: (c) => `${c.source} refuses the credentials of ${c.account}: ${c.lists}`,
    rejected: (c) => `${c.source} refuses our request: ${c.lists}`,
    unavailable: (c) => `${c.source} did not answer as it should: ${c.lists}`,
    session: (c) => `${c.source} gives us no session: ${c.lists}`,
    silent_look_up: (c) =>
      `not everyone could be asked for missing records${c.silent}: ${c.records}${c.waiters && `; ${c.waiters}`}`,
    delete_brake: (c) => `the delete brake holds: ${c.lists}${c.subject}`,
    broken_run: (c) => `incomplete runs of ${c.lists}${c.rule}`,
    waiting: (n) => counted('en', n, { one: 'record waits for it', other: 'records wait for it' }),
  },
  ru: {
    gone_parent: (c) => `${c.subject}: нет в ${c.source}; затронуто: ${c.records}`,
    parent_came: (c) => `${c.subject}: не было в ${c.source}, теперь есть; затронуто: ${c.records}`,
    invalid_field: (c) => `поле ${c.field} записать нельзя, ${c.rule}: ${c.records}`,
    no_account: (c) => `аккаунта ${c.account} больше нет в настройках: ${c.records}`,
    unauthorized: (c) => `${c.source} не принимает ключ аккаунта ${c.account}: ${c.lists}`,
    rejected: (c) => `${c.source} отклоняет наш запрос: ${c.lists}`,
    unavailable: (c) => `${c.source} не ответил как положено: ${c.lists}`,
    session: (c) => `${c.source} не открывает сеанс: ${c.lists}`,
    silent_look_up: (c) =>
      `не всех удалось спросить о недостающих записях${c.silent}: ${c.records}${c.waiters && `; ${c.waiters}`}`,
    delete_brake: (c) => `удаления остановлены тормозом: ${c.lists}${c.subject}`,
    broken_run: (c) => `неполные прогоны: ${c.lists}${c.rule}`,
    waiting: (n) => `ждут ${counted('ru', n, { one: 'запись', few: 'записи', many: 'записей' })}`,
  },
});

/** What a cause is called by. */
export type NamedCause = Pick<Cause, 'kind' | 'entity' | 'name' | 'detail' | 'problems' | 'entities' | 'waiters'> & {
  scenarios: readonly Pick<Cause['scenarios'][number], 'code'>[];
};

/** A cause in a few words: `client 12345 is gone at RentProg: blocks 9 bookings`. */
export function causeTitle(
  cause: NamedCause,
  { source_title: source, account }: { source_title: string; account: string },
  language: Language,
): string {
  const { kind, entity, name, detail, problems, entities, scenarios } = cause;
  const say = titles(language);
  const plain: Named = {
    source,
    account,
    subject: name === '' ? '' : ` (${name})`,
    records: recordCount(language, problems, entities),
    field: `${entity}.${name}`,
    rule: detail === '' ? '' : `: ${detail}`,
    lists: entities.join(', '),
    silent: name === '' ? '' : ` (${name})`,
    waiters: cause.waiters === 0 ? '' : say.waiting(cause.waiters),
  };
  switch (kind) {
    case 'gone_parent': {
      const came = scenarios.some(({ code }) => code === 'parent_came_later');
      const named = { ...plain, subject: `${nounOf(language, entity)} ${name}` };
      return came ? say.parent_came(named) : say.gone_parent(named);
    }
    case 'invalid_field':
      return name === '(account)' ? say.no_account(plain) : say.invalid_field({ ...plain, rule: detail });
    default:
      return say[kind](plain);
  }
}
