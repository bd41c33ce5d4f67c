/** `FUZZ_SEED` and `FUZZ_RUNS` (times as many) for longer runs; fast-check prints the seed of what fails. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_005);
const times = Number(process.env.FUZZ_RUNS ?? 1);

/** Parameters of a property: the same seed in every run, unless somebody says otherwise. */
export function runs(usual: number) {
  return { seed, numRuns: usual * times };
}
