import { dictionary } from '../words/dictionary.ts';
import { counted } from '../words/plural.ts';

/** What can be wrong with a file of ids; lines are counted from 1. */
export const idsFileWords = dictionary({
  en: {
    unreadable: (path: string, code: string) => `${path} cannot be read (${code}).`,
    openQuote: (line: number) => `line ${line}: a quote is opened and never closed.`,
    notCsv: (line: number, code: string) => `line ${line}: this is not CSV (${code}).`,
    empty: 'there are no ids in it.',
    noId: (line: number, column: number) => `line ${line}: no id in column ${column}.`,
    notAnId: (line: number, quoted: string) => `line ${line}: ${quoted} is not an external id.`,
    more: (lines: number) => `… and ${counted('en', lines, { one: 'more line', other: 'more lines' })}.`,
  },
  ru: {
    unreadable: (path: string, code: string) => `${path}: не удалось прочитать (${code}).`,
    openQuote: (line: number) => `строка ${line}: кавычка открыта и не закрыта.`,
    notCsv: (line: number, code: string) => `строка ${line}: это не CSV (${code}).`,
    empty: 'в файле нет ни одного id.',
    noId: (line: number, column: number) => `строка ${line}: в столбце ${column} нет id.`,
    notAnId: (line: number, quoted: string) => `строка ${line}: ${quoted} — не внешний id.`,
    more: (lines: number) => `… и ещё ${counted('ru', lines, { one: 'строка', few: 'строки', many: 'строк' })}.`,
  },
});

export type IdsFileWords = ReturnType<typeof idsFileWords>;
