import { type Figure, type Machine, medians } from './figure.ts';
import { type Facts, readCommit, type ScenarioResult } from './results.ts';
import type { Scenario } from './scenario-list.ts';

const USUAL_RUNS = 3;
/** Enough to have gone every way once. */
const WARM_UP_RECORDS = 3000;

/** Runs a scenario so often, once more before that where it is to be warm. `note` is told what goes on. */
export async function measure(
  { name, run, runs: wanted = USUAL_RUNS, warmUp }: Scenario & { name: string },
  { machine, facts, times }: { machine: Machine; facts: Facts; times: number | undefined },
  note: (text: string) => void,
): Promise<ScenarioResult> {
  const runs = times ?? wanted;
  const commit = readCommit();
  if (warmUp) {
    note(`${name}, to warm up …`);
    await run({ ...machine, records: Math.min(machine.records, WARM_UP_RECORDS) });
  }
  const began = performance.now();
  const all: Figure[][] = [];
  for (let turn = 1; turn <= runs; turn += 1) {
    note(`${name}, run ${turn} of ${runs} …`);
    all.push(await run(machine));
  }
  return {
    at: new Date().toISOString(),
    commit,
    machine: facts,
    records: machine.records,
    runs,
    seconds: Math.round((performance.now() - began) / 1000),
    figures: medians(all),
  };
}
