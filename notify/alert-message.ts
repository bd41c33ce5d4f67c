import { dictionary, type Language } from '../words/dictionary.ts';
import type { AlertAccount, AlertFacts, EntityFacts } from './facts.ts';
import type { Message } from './message.ts';
import { timeIn } from './time-in.ts';

const words = dictionary({
  en: {
    red: (who: string) => `${who} is red`,
    severalRed: (n: number) => `${n} accounts are red`,
    recovered: (who: string) => `${who} is not red any more`,
    severalRecovered: (n: number) => `${n} accounts are not red any more`,
    since: (time: string) => `Red since ${time}.`,
    was: (from: string, to: string) => `It was red from ${from} to ${to}.`,
    allGreen: 'Everything is green.',
  },
  ru: {
    red: (who: string) => `${who}: красный`,
    severalRed: (n: number) => `красных аккаунтов: ${n}`,
    recovered: (who: string) => `${who}: больше не красный`,
    severalRecovered: (n: number) => `больше не красных аккаунтов: ${n}`,
    since: (time: string) => `Красный с ${time}.`,
    was: (from: string, to: string) => `Был красным с ${from} до ${to}.`,
    allGreen: 'Всё зелёное.',
  },
});

export interface Reader {
  language: Language;
  timezone: string;
}

/** Accounts have turned red. */
export function redMessage({ accounts }: AlertFacts, { language, timezone }: Reader): Message {
  const say = words(language);
  const sections = accounts.map((account) => ({
    light: account.light,
    title: nameOf(account),
    lines: [say.since(timeIn(timezone, account.redSince)), ...account.entities.map(entityLine)],
  }));
  const [first] = accounts;
  const title = accounts.length === 1 && first ? say.red(nameOf(first)) : say.severalRed(accounts.length);
  return { language, title, intro: [], sections, outro: [lookAt(accounts)] };
}

/** They are not red any more; what is still wrong with them is told too. */
export function recoveredMessage({ at, accounts }: AlertFacts, { language, timezone }: Reader): Message {
  const say = words(language);
  const sections = accounts.map((account) => {
    const was = say.was(timeIn(timezone, account.redSince), timeIn(timezone, at));
    const still = account.light === 'green' ? [say.allGreen] : account.entities.map(entityLine);
    return { light: account.light, title: nameOf(account), lines: [was, ...still] };
  });
  const [first] = accounts;
  const title = accounts.length === 1 && first ? say.recovered(nameOf(first)) : say.severalRecovered(accounts.length);
  const rest = accounts.filter(({ light }) => light !== 'green');
  return { language, title, intro: [], sections, outro: rest.length > 0 ? [lookAt(rest)] : [] };
}

export function entityLine({ entity, reasons }: EntityFacts): string {
  return `${entity}: ${reasons.join('; ')}`;
}

function nameOf({ source, account }: AlertAccount): string {
  return `${source} ${account}`;
}

/** The command that shows more. */
function lookAt([first, ...others]: readonly AlertAccount[]): string {
  const one = first && others.length === 0 ? ` --source ${first.source} --account ${first.account}` : '';
  return `./pmsync status${one}`;
}
