import type { Paused } from '../db/pauses.ts';
import type { PauseReceipt } from '../operations/pause.ts';
import type { RunNowReceipt } from '../operations/run-now.ts';
import { timeText } from '../words/common.ts';
import { dictionary, type Language } from '../words/dictionary.ts';

const words = dictionary({
  en: {
    paused: (what: string, at: string, who: string) => `${what} is paused since ${at}, by ${who}`,
    resume: (command: string) => `Let it go on:  ${command}`,
    nowPaused: (what: string) => `${what}: paused. What is under way ends, nothing new begins.`,
    pausedBefore: (what: string) => `${what}: was paused already.`,
    nowResumed: (what: string) => `${what}: goes on.`,
    notPaused: (what: string) => `${what}: was not paused.`,
    queueSilent: 'The queue does not answer; the scheduler sees to it once it does.',
  },
  ru: {
    paused: (what: string, at: string, who: string) => `${what} на паузе с ${at}, ${who}`,
    resume: (command: string) => `Снять паузу:  ${command}`,
    nowPaused: (what: string) => `${what}: пауза. Начатое завершится, новое не начнётся.`,
    pausedBefore: (what: string) => `${what}: уже на паузе.`,
    nowResumed: (what: string) => `${what}: работа продолжается.`,
    notPaused: (what: string) => `${what}: паузы не было.`,
    queueSilent: 'Очередь не отвечает; планировщик сделает это, когда она ответит.',
  },
});

/** Each pause once, with the command that lifts it. */
export function pausedText(refused: RunNowReceipt['refused'], language: Language): string {
  const pauses = new Map(refused.map(({ paused }) => [nameOf(paused), paused]));
  return [...pauses.values()].map((paused) => pauseText(paused, language)).join('\n');
}

export function pauseText(paused: Paused, language: Language): string {
  const say = words(language);
  const { source, account, entity, at, actor, reason } = paused;
  const command = `./pmsync resume --source ${source} --account ${account}${entity ? ` --entity ${entity}` : ''}`;
  const why = reason ? ` (${reason})` : '';
  return `${say.paused(nameOf(paused), timeText(at), actor)}${why}. ${say.resume(command)}`;
}

export function receiptText(did: 'pause' | 'resume', receipt: PauseReceipt, language: Language): string {
  const say = words(language);
  const what = nameOf(receipt);
  const lines =
    did === 'pause'
      ? [receipt.changed ? say.nowPaused(what) : say.pausedBefore(what)]
      : [receipt.changed ? say.nowResumed(what) : say.notPaused(what)];
  if (receipt.queues === null) lines.push(say.queueSilent);
  // What holds it still, or what else of the account is paused.
  if (did === 'resume') lines.push(...receipt.paused.map((paused) => pauseText(paused, language)));
  return lines.join('\n');
}

const nameOf = ({ source, account, entity }: Pick<Paused, 'source' | 'account' | 'entity'>) =>
  [source, account, entity].filter(Boolean).join(' ');
