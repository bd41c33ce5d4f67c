import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenario-list.ts';

export interface BenchCommand {
  scenarios: string[];
  records: number;
  /** Of every scenario; undefined: as many as each wants. */
  runs: number | undefined;
  json: boolean;
  /** Where the figures are kept, and what the report is made of. */
  results: string;
  save: boolean;
  report: boolean;
}

export const RESULTS = 'docs/benchmarks/results.json';

/** Thrown for arguments that make no sense; its message is all there is to say. */
export class BadUse extends Error {}

export function helpText(): string {
  const names = Object.entries(SCENARIOS).map(([name, { about }]) => `  ${name.padEnd(22)}${about}`);
  return `npm run bench -- [options]

Measures pmsync and prints a table. Uses DATABASE_URL and REDIS_URL when they are set (databases of its own are made and
dropped), else an embedded PostgreSQL and a redis-server of its own.

  --only NAME,NAME   these scenarios; default all
  --records N        bookings of the large scenarios; default 50000
  --runs N           how often each is measured; default 3, or 1 for what is long or counts
  --json             prints JSON instead of the table
  --save             also keeps the figures in the results file, in the place of older ones of the same scenarios
  --results FILE     that file; default ${RESULTS}
  --report           measures nothing: writes docs/benchmarks.md and docs/benchmarks.ru.md from the results file
  --help             this text

Scenarios:
${names.join('\n')}
`;
}

/** Undefined when only the help is wanted. Throws `BadUse`. */
export function readOptions(args: readonly string[]): BenchCommand | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const scenarios = values.only?.split(',') ?? Object.keys(SCENARIOS);
  for (const name of scenarios)
    if (!SCENARIOS[name])
      throw new BadUse(`There is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}.`);
  return {
    scenarios,
    records: count('records', values.records ?? '50000', 100),
    runs: values.runs === undefined ? undefined : count('runs', values.runs, 1),
    json: values.json ?? false,
    results: values.results ?? RESULTS,
    save: values.save ?? false,
    report: values.report ?? false,
  };
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const options = { only: text, records: text, runs: text, json: flag, save: flag, results: text, report: flag };
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { ...flag, short: 'h' } } });
  } catch (error) {
    throw new BadUse((error as Error).message);
  }
}

function count(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw new BadUse(`--${option} is "${text}"; write a whole number of at least ${least}.`);
  return number;
}
