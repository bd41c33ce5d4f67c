/** `npm run bench`: the figures of the design. `npm run bench -- --help` tells the rest. */
import { tableLines } from '../../cli/output.ts';
import { isReached, show, showTarget } from './figure.ts';
import { measure } from './measure.ts';
import { openMachine } from './open-machine.ts';
import { BadUse, type BenchCommand, helpText, readOptions } from './options.ts';
import { writeReport } from './report/write-report.ts';
import { type Facts, type Results, readFacts, readResults, saveResults } from './results.ts';
import { SCENARIOS } from './scenario-list.ts';

const write = (text: string) => process.stdout.write(`${text}\n`);
const note = (text: string) => process.stderr.write(`${text}\n`);

try {
  const command = readOptions(process.argv.slice(2));
  if (!command) write(helpText());
  else if (command.report) for (const file of writeReport(readResults(command.results))) write(file);
  else await bench(command);
} catch (error) {
  if (!(error instanceof BadUse)) throw error;
  note(error.message);
  process.exitCode = 2;
}

async function bench({ scenarios: names, records, runs: times, json, results: file, save }: BenchCommand) {
  const { close, ...servers } = await openMachine();
  const machine = { ...servers, records };
  const results: Results = { scenarios: {} };
  try {
    const facts: Facts = await readFacts(machine);
    for (const name of names) {
      const result = await measure({ ...SCENARIOS[name]!, name }, { machine, facts, times }, note);
      results.scenarios[name] = result;
      // At once: what comes later may fail.
      if (save) saveResults(file, { scenarios: { [name]: result } });
    }
  } finally {
    await close();
  }
  if (json) write(JSON.stringify(results, null, 2));
  else for (const line of table(results)) write(line);
}

function table({ scenarios }: Results): string[] {
  const rows = Object.values(scenarios).flatMap(({ figures }) =>
    figures.map((figure) => [
      figure.name,
      show(figure.value),
      figure.unit,
      showTarget(figure.target),
      isReached(figure) === false ? 'no' : '',
      `${show(Math.min(...figure.runs))} – ${show(Math.max(...figure.runs))}`,
      figure.note,
    ]),
  );
  return tableLines(['figure', 'median', 'unit', 'asked', 'reached', 'min – max', 'how'], rows);
}
