import { dictionary } from '../words/dictionary.ts';

export const deleteWords = dictionary({
  en: {
    toDelete: (n: number) => `To be deleted here: ${n}. Nothing is changed at the source.`,
    number: (number: string) => `number ${number}`,
    noRow: 'no row',
    noLanding: 'no landing',
    ask: (n: number) => `Delete ${n}? [y/N] `,
    yes: '^(y|yes)$',
    nothing: 'Nothing has been deleted.',
    needsYes: 'Nobody can be asked here (no terminal). Look at what would go, then add --yes.',
    deleted: 'deleted',
    'when listed': 'the next sync that lists it brings it back (--keep-out stops that)',
    'kept out': 'kept out: no sync brings it back until --let-in',
    refused: (by: string) => `NOT deleted: ${by}`,
    referredBy: (count: number, entity: string) => `${count} ${entity} refer to it; delete those first`,
    waitedFor: (count: number) => `${count} records wait for it; delete those first`,
    wrong: (typed: string) => `"${typed}"  is no id and no number`,
    unknown: (typed: string, entity: string, source: string) => `${typed}  unknown: no ${entity} record at ${source}`,
    ambiguous: (typed: string) => `${typed}  may be several; NOT deleted. Give the external id (and --account):`,
    vanished: 'was gone already',
    letIn: 'let in again; the next sync that lists it brings it back',
    notKeptOut: 'is not kept out',
    summary: (deleted: number, all: number) => `${deleted} of ${all} deleted.`,
  },
  ru: {
    toDelete: (n: number) => `Будет удалено здесь: ${n}. В источнике ничего не меняется.`,
    number: (number: string) => `номер ${number}`,
    noRow: 'без строки',
    noLanding: 'без полученных данных',
    ask: (n: number) => `Удалить (${n})? [д/Н] `,
    yes: '^(y|yes|д|да)$',
    nothing: 'Ничего не удалено.',
    needsYes: 'Спросить некого (не терминал). Посмотрите, что будет удалено, и добавьте --yes.',
    deleted: 'удалена',
    'when listed': 'следующая синхронизация, где она есть в списке, вернёт её (--keep-out это запретит)',
    'kept out': 'исключена: синхронизация не вернёт её до --let-in',
    refused: (by: string) => `НЕ удалена: ${by}`,
    referredBy: (count: number, entity: string) => `на неё ссылаются ${entity}: ${count}; сначала удалите их`,
    waitedFor: (count: number) => `её ждут записи: ${count}; сначала удалите их`,
    wrong: (typed: string) => `"${typed}"  не id и не номер`,
    unknown: (typed: string, entity: string, source: string) =>
      `${typed}  неизвестна: нет записи ${entity} в ${source}`,
    ambiguous: (typed: string) =>
      `${typed}  может быть несколькими записями; НЕ удалена. Укажите внешний id (и --account):`,
    vanished: 'её уже не было',
    letIn: 'снова допущена; следующая синхронизация, где она есть в списке, вернёт её',
    notKeptOut: 'не была исключена',
    summary: (deleted: number, all: number) => `Удалено ${deleted} из ${all}.`,
  },
});

export type DeleteWords = ReturnType<typeof deleteWords>;
