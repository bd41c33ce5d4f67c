import type { Language } from '../words/dictionary.ts';
import { pmsync } from './command.ts';
import type { Action, Cause, Report, Scenario } from './report.ts';
import { actionWords } from './words/action-words.ts';
import { causeTitle } from './words/cause-words.ts';
import { evidenceText } from './words/evidence-words.ts';
import { reportWords } from './words/report-words.ts';
import { scenarioWords } from './words/scenario-words.ts';

/** A report in words. What it tells stands beside the words, as `Report` has it. */
export interface ToldReport extends Omit<Report, 'causes'> {
  language: Language;
  title: string;
  causes: ToldCause[];
  next_steps: Step[];
}

export interface ToldCause extends Omit<Cause, 'scenarios' | 'actions'> {
  title: string;
  scenarios: (Scenario & { text: string; how: string })[];
  actions: (Action & { text: string })[];
}

export interface Step {
  text: string;
  command: string | null;
}

const MOST_STEPS = 5;

export function tellReport(report: Report, language: Language): ToldReport {
  const scenarios = scenarioWords(language);
  const actions = actionWords(language);
  const causes = report.causes.map(
    (cause): ToldCause => ({
      ...cause,
      title: causeTitle(cause, report, language),
      scenarios: cause.scenarios.map((scenario) => ({
        ...scenario,
        text: scenarios[scenario.code],
        how: evidenceText(scenario.evidence, language),
      })),
      actions: cause.actions.map((action) => ({ ...action, text: actions[action.code] })),
    }),
  );
  const { source_title: source, account, date } = report;
  const title = reportWords(language).title(source, account, date);
  return { ...report, language, title, causes, next_steps: nextSteps(report, causes, language) };
}

/** The causes that need somebody, what goes on by itself, and the report made again. */
function nextSteps({ total, now, ...report }: Report, causes: readonly ToldCause[], language: Language): Step[] {
  if (total === 0) return [];
  const say = reportWords(language);
  const steps: Step[] = causes
    .filter((cause) => cause.now.needs_look > 0)
    .slice(0, MOST_STEPS)
    .map(({ title, actions }) => ({
      text: say.nextLook(title),
      command: actions.find(({ command }) => command !== null)?.command ?? null,
    }));
  if (now.waiting > 0) steps.push({ text: say.nextWait(now.waiting), command: null });
  if (now.needs_look + now.waiting === 0) return [{ text: say.nextDone, command: null }];
  const { source, account, date } = report;
  return [...steps, { text: say.nextAgain, command: pmsync('report', [], { source, account, date }) }];
}
