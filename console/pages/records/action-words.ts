import { dictionary } from '../../../words/dictionary.ts';

/** What can be done with a record, and what comes of it. */
export const recordActionWords = dictionary({
  en: {
    title: 'What you can do',
    requeue: 'Re-queue',
    requeueWhat: 'It is applied again as it was read, and what it waits for is looked for afresh.',
    readAgain: 'Read it again at the source first',
    reason: 'Reason, for the audit log',
    ask: 'Ask the source now',
    askWhat: 'Shows whether the source has it and what differs. Stores nothing; takes requests of the vendor’s budget.',
    reveal: 'Show hidden values',
    revealWhat:
      'Shows the whole payload once, personal data included. Who looked, when and why goes into the audit log.',
    revealReason: 'Why do you need to see it?',
    revealButton: 'Show it',

    askedTitle: (name: string) => `${name}: the source now`,
    back: '← Back to the record',
    askedNote: 'As of this moment; nothing has been stored.',
    account: 'Account',
    answer: 'Answer',
    cost: 'Cost',
    found: 'has it',
    same: 'exactly as it was read',
    differs: (fields: string) => `different in: ${fields}`,
    noCompare: 'there is nothing here to compare it with',
    absent: 'does not have it',
    error: 'did not answer',
    costText: (requests: string, ms: string) => `requests: ${requests}, ${ms} ms`,
    takeIt: 'To take over what is new, re-queue the record with “read it again”.',
    cannotAsk: 'The source has no way to read a single one of these.',

    revealedTitle: (name: string) => `${name}: everything`,
    revealedNote:
      'This may be personal data. It is not kept by this page: going back and coming again needs a new reason.',
    revealedBy: (actor: string) => `Written into the audit log: ${actor}, `,
    nothingToShow: 'Nothing has been read of this record, so there is nothing to show.',
    needsReason: 'Say why you need to see it: without a reason nothing is shown.',
  },
  ru: {
    title: 'Что можно сделать',
    requeue: 'Вернуть в очередь',
    requeueWhat: 'Будет записана заново такой, как прочитана; чего она ждёт, поищут ещё раз.',
    readAgain: 'Сначала прочитать её в источнике заново',
    reason: 'Причина, для журнала действий',
    ask: 'Спросить источник сейчас',
    askWhat:
      'Показывает, есть ли она в источнике и что отличается. Ничего не записывает; тратит запросы из лимита поставщика.',
    reveal: 'Показать скрытые значения',
    revealWhat:
      'Показывает все данные один раз, включая личные. Кто, когда и зачем смотрел, попадёт в журнал действий.',
    revealReason: 'Зачем нужно это увидеть?',
    revealButton: 'Показать',

    askedTitle: (name: string) => `${name}: источник сейчас`,
    back: '← К записи',
    askedNote: 'На этот момент; ничего не записано.',
    account: 'Аккаунт',
    answer: 'Ответ',
    cost: 'Стоило',
    found: 'есть',
    same: 'точно такая, как прочитана',
    differs: (fields: string) => `отличается в полях: ${fields}`,
    noCompare: 'здесь не с чем сравнить',
    absent: 'нет такой',
    error: 'не ответил',
    costText: (requests: string, ms: string) => `запросов: ${requests}, ${ms} мс`,
    takeIt: 'Чтобы взять новое, верните запись в очередь с отметкой «прочитать заново».',
    cannotAsk: 'Источник не умеет отдавать такие записи по одной.',

    revealedTitle: (name: string) => `${name}: все данные`,
    revealedNote:
      'Здесь могут быть личные данные. Страница их не хранит: чтобы посмотреть ещё раз, нужна новая причина.',
    revealedBy: (actor: string) => `Записано в журнал действий: ${actor}, `,
    nothingToShow: 'Из этой записи ещё ничего не прочитано, показывать нечего.',
    needsReason: 'Напишите, зачем это нужно: без причины ничего не показывается.',
  },
});
