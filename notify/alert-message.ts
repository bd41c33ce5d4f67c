import { dictionary, type Language } from '../words/dictionary.ts';
import type { AlertFacts, EntityFacts } from './facts.ts';
import type { Message } from './message.ts';
import { timeIn } from './time-in.ts';

const words = dictionary({
  en: {
    red: (who: string) => `${who} is red`,
    recovered: (who: string) => `${who} is not red any more`,
    since: (time: string) => `Red since ${time}.`,
    was: (from: string, to: string) => `It was red from ${from} to ${to}.`,
    allGreen: 'Everything is green.',
    look: (source: string, account: string) => `./pmsync status --source ${source} --account ${account}`,
  },
  ru: {
    red: (who: string) => `${who}: красный`,
    recovered: (who: string) => `${who}: больше не красный`,
    since: (time: string) => `Красный с ${time}.`,
    was: (from: string, to: string) => `Был красным с ${from} до ${to}.`,
    allGreen: 'Всё зелёное.',
    look: (source: string, account: string) => `./pmsync status --source ${source} --account ${account}`,
  },
});

export interface Reader {
  language: Language;
  timezone: string;
}

/** An account has turned red. */
export function redMessage(facts: AlertFacts, { language, timezone }: Reader): Message {
  const say = words(language);
  return {
    ...commonParts(facts, language),
    title: say.red(nameOf(facts)),
    intro: [say.since(timeIn(timezone, facts.redSince))],
    outro: [say.look(facts.source, facts.account)],
  };
}

/** It is not red any more; what is still wrong with it is told too. */
export function recoveredMessage(facts: AlertFacts, { language, timezone }: Reader): Message {
  const say = words(language);
  const intro = [say.was(timeIn(timezone, facts.redSince), timeIn(timezone, facts.at))];
  return {
    ...commonParts(facts, language),
    title: say.recovered(nameOf(facts)),
    intro: facts.light === 'green' ? [...intro, say.allGreen] : intro,
    outro: facts.light === 'green' ? [] : [say.look(facts.source, facts.account)],
  };
}

function commonParts({ entities, light, source, account }: AlertFacts, language: Language) {
  return { language, sections: [{ light, title: `${source} ${account}`, lines: entities.map(entityLine) }] };
}

export function entityLine({ entity, reasons }: EntityFacts): string {
  return `${entity}: ${reasons.join('; ')}`;
}

function nameOf({ source, account }: AlertFacts): string {
  return `${source} ${account}`;
}
