import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, type Language } from '../../../words/dictionary.ts';
import { isReached, type Measured, show, showTarget } from '../figure.ts';
import type { Results, ScenarioResult } from '../results.ts';
import { SCENARIOS } from '../scenario-list.ts';
import { charts } from './charts.ts';
import { HEADLINES, reportWords } from './words.ts';

const DOCS = join(import.meta.dirname, '../../../docs');

/** Writes the page of each language from its template and what was measured; the files' names. */
export function writeReport(results: Results): string[] {
  return LANGUAGES.map((language) => {
    const template = readFileSync(join(import.meta.dirname, `template.${language}.md`), 'utf8');
    const file = join(DOCS, language === 'en' ? 'benchmarks.md' : `benchmarks.${language}.md`);
    writeFileSync(file, fill(template, results, language));
    return file;
  });
}

/** Puts figures in the places of a template: `{{headlines}}`, `{{charts}}`, `{{scenarios}}`, `{{machines}}`. */
export function fill(template: string, { scenarios }: Results, language: Language): string {
  const inOrder = Object.keys(SCENARIOS).flatMap((name) => {
    const result = scenarios[name];
    return result ? [{ name, ...result }] : [];
  });
  const figures = inOrder.flatMap((scenario) => scenario.figures);
  const parts: Record<string, string> = {
    headlines: headlines(figures, language),
    charts: charts(figures).join('\n\n'),
    scenarios: inOrder.map((scenario) => section(scenario, language)).join('\n\n'),
    machines: machines(inOrder, language),
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (place, name: string) => parts[name] ?? place);
}

function headlines(figures: readonly Measured[], language: Language): string {
  const rows = Object.entries(HEADLINES).flatMap(([name, inRussian]) => {
    const figure = figures.find((one) => one.name === name);
    if (!figure) return [];
    const what = language === 'en' ? `${name}, ${figure.unit}` : inRussian;
    return [[what, ...shown(figure, language)]];
  });
  return table(reportWords(language).headline, rows);
}

function section(scenario: ScenarioResult & { name: string }, language: Language): string {
  const words = reportWords(language);
  const rows = scenario.figures.map((figure) => {
    const [target = '', value = '', ...rest] = shown(figure, language);
    return [figure.name, target, `${value} ${figure.unit}`, ...rest, figure.note];
  });
  const { about } = SCENARIOS[scenario.name]!;
  const facts = `${scenario.at.slice(0, 10)}, ${scenario.commit}, ${words.runs(scenario.runs)}, ${scenario.seconds} s.`;
  return `### \`${scenario.name}\`\n\n${about[0]!.toUpperCase()}${about.slice(1)}. ${facts}\n\n${table(words.titles, rows)}`;
}

/** Usually one line: scenarios that were measured apart have their own day and commit. */
function machines(results: readonly ScenarioResult[], language: Language): string {
  const words = reportWords(language);
  const lines = results.map(({ at, commit, machine, records }) => {
    const { cpu, cores, memoryGb, node, postgres, redis } = machine;
    const hardware = `${cpu}, ${words.cores(cores)}, ${words.memory(memoryGb)}`;
    const software = `Node.js ${node}, PostgreSQL ${postgres}, Redis ${redis}`;
    return `- ${words.measured}: ${at.slice(0, 10)}; ${words.commit}: \`${commit}\`; ${words.machine}: ${hardware}; ${software}; ${words.bookings(records)}`;
  });
  return [...new Set(lines)].join('\n');
}

function shown(figure: Measured, language: Language): string[] {
  const value = show(figure.value, language);
  return [showTarget(figure.target, language), value, range(figure, language), reached(figure, language)];
}

const range = ({ runs }: Measured, language: Language) =>
  runs.length === 1 ? '' : `${show(Math.min(...runs), language)} – ${show(Math.max(...runs), language)}`;

function reached(figure: Measured, language: Language): string {
  const is = isReached(figure);
  if (is === undefined) return '';
  return is ? reportWords(language).yes : `**${reportWords(language).no}**`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}
