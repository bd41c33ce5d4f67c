import { dictionary } from '../../../words/dictionary.ts';

export const reportsWords = dictionary({
  en: {
    title: 'Reports',
    choose: 'Which report',
    account: 'Account',
    date: 'Day',
    language: 'Language',
    show: 'Show',
    intro: 'What went wrong in an account on a day, why, what to do about it, and how the records stand now.',
    introHint: 'Choose an account and a day. A report of an old day shows today’s state beside what happened then.',
    noAccounts: 'There is no account in the settings yet.',
    before: '← the day before',
    after: 'the day after →',
    print: 'Print',
    save: 'Save as',
    days: 'Days',
  },
  ru: {
    title: 'Отчёты',
    choose: 'Какой отчёт',
    account: 'Аккаунт',
    date: 'День',
    language: 'Язык',
    show: 'Показать',
    intro: 'Что за день не прошло в аккаунте, почему, что с этим делать и что с записями сейчас.',
    introHint:
      'Выберите аккаунт и день. В отчёте за прошедший день рядом с тем, что случилось, стоит сегодняшнее состояние.',
    noAccounts: 'В настройках ещё нет ни одного аккаунта.',
    before: '← предыдущий день',
    after: 'следующий день →',
    print: 'Напечатать',
    save: 'Сохранить как',
    days: 'Дни',
  },
});
