import { dictionary, type Language } from '../words/dictionary.ts';
import { entityLine, type Reader } from './alert-message.ts';
import type { AccountFacts, DigestFacts } from './facts.ts';
import { type Light, MARKS, type Message, type Section } from './message.ts';
import { dayIn, timeIn } from './time-in.ts';

/** Accounts that need no look are named, but not without end. */
const MOST_NAMED = 30;
const TROUBLED: readonly Light[] = ['red', 'amber'];

const words = dictionary({
  en: {
    title: (day: string, lights: string) => `pmsync ${day}: ${lights}`,
    red: (n: string) => `${n} red`,
    amber: (n: string) => `${n} amber`,
    green: (n: string) => `${n} green`,
    grey: (n: string) => `${n} without a schedule`,
    since: (time: string) => `Since ${time}:`,
    total: (runs: string, healed: string) => `${runs}; issues healed: ${healed}`,
    runs: (all: string) => `runs: ${all}`,
    notAll: (partial: string, failed: string) => ` (not complete: ${partial}, failed: ${failed})`,
    now: (rows: string, issues: string) => `Now: rows: ${rows}; open issues: ${issues}`,
    account: (rows: string, runs: string, issues: string, healed: string) =>
      `rows: ${rows}; ${runs}; open issues: ${issues}; healed: ${healed}`,
    quiet: (name: string, rows: string) => `${name} (${rows})`,
    more: (n: string) => `and ${n} more`,
    look: './pmsync status',
  },
  ru: {
    title: (day: string, lights: string) => `pmsync ${day}: ${lights}`,
    red: (n: string) => `красных: ${n}`,
    amber: (n: string) => `жёлтых: ${n}`,
    green: (n: string) => `зелёных: ${n}`,
    grey: (n: string) => `без расписания: ${n}`,
    since: (time: string) => `С ${time}:`,
    total: (runs: string, healed: string) => `${runs}; исправилось проблем: ${healed}`,
    runs: (all: string) => `прогонов: ${all}`,
    notAll: (partial: string, failed: string) => ` (неполных: ${partial}, с ошибкой: ${failed})`,
    now: (rows: string, issues: string) => `Сейчас: строк: ${rows}; открытых проблем: ${issues}`,
    account: (rows: string, runs: string, issues: string, healed: string) =>
      `строк: ${rows}; ${runs}; открытых проблем: ${issues}; исправилось: ${healed}`,
    quiet: (name: string, rows: string) => `${name} (${rows})`,
    more: (n: string) => `и ещё ${n}`,
    look: './pmsync status',
  },
});

type Words = ReturnType<typeof words>;
type Numbers = (n: number) => string;

/** How everything stands, and what has happened since the last digest: whoever needs a look first, the rest in one line each. */
export function digestMessage({ at, since, accounts }: DigestFacts, { language, timezone }: Reader): Message {
  const say = words(language);
  const number = numbersOf(language);
  const of = (light: Light) => accounts.filter((account) => account.light === light);
  const sum = (pick: (account: AccountFacts) => number) => accounts.reduce((total, each) => total + pick(each), 0);
  const lights = (['red', 'amber', 'green', 'grey'] as const)
    .filter((light) => of(light).length > 0)
    .map((light) => say[light](number(of(light).length)));
  const runs = {
    succeeded: sum((account) => account.runs.succeeded),
    partial: sum((account) => account.runs.partial),
    failed: sum((account) => account.runs.failed),
  };
  return {
    language,
    title: say.title(dayIn(timezone, at), lights.join(', ')),
    intro: [
      `${say.since(timeIn(timezone, since))} ${say.total(runsText(runs, say, number), number(sum(({ healed }) => healed)))}`,
      say.now(number(sum(({ rows }) => rows)), number(sum(({ openIssues }) => openIssues))),
    ],
    sections: [
      ...TROUBLED.flatMap((light) => of(light).map((account) => troubled(account, say, number))),
      ...(['green', 'grey'] as const).flatMap((light) => quiet(light, of(light), say, number)),
    ],
    outro: accounts.some(({ light }) => TROUBLED.includes(light)) ? [say.look] : [],
  };
}

function troubled(account: AccountFacts, say: Words, number: Numbers): Section {
  const { rows, runs, openIssues, healed } = account;
  const counts = say.account(number(rows), runsText(runs, say, number), number(openIssues), number(healed));
  return {
    light: account.light,
    title: `${account.source} ${account.account}`,
    lines: [...account.entities.map((entity) => `${MARKS[entity.light]} ${entityLine(entity)}`), counts],
  };
}

function quiet(light: 'green' | 'grey', accounts: readonly AccountFacts[], say: Words, number: Numbers): Section[] {
  if (accounts.length === 0) return [];
  const named = accounts
    .slice(0, MOST_NAMED)
    .map(({ source, account, rows }) => say.quiet(`${source} ${account}`, number(rows)));
  const left = accounts.length - named.length;
  const lines = [named.join(', '), ...(left > 0 ? [say.more(number(left))] : [])];
  return [{ light, title: say[light](number(accounts.length)), lines }];
}

function runsText({ succeeded, partial, failed }: AccountFacts['runs'], say: Words, number: Numbers): string {
  const all = say.runs(number(succeeded + partial + failed));
  return partial + failed > 0 ? all + say.notAll(number(partial), number(failed)) : all;
}

function numbersOf(language: Language): Numbers {
  const format = new Intl.NumberFormat(language);
  return (n) => format.format(n);
}
