/** One thing to put right before pmsync can start. Holds no secret value. */
export interface Problem {
  /** The settings file as the user names it, or `environment`. */
  file: string;
  line?: number;
  /** `sources.rentprog.accounts.tbilisi.timezone`, or the name of an environment variable; empty for the whole file. */
  place: string;
  problem: string;
  fix: string;
}

/** Every problem of the settings at once. The message has one line for each; a command that gets it exits with 2. */
export class SettingsError extends Error {
  readonly code = 'SETTINGS_INVALID';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(describeProblem).join('\n'), options);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

function describeProblem({ file, line, place, problem, fix }: Problem): string {
  const where = [line === undefined ? file : `${file}:${line}`, place].filter((part) => part !== '').join(' ');
  return `${where}: ${problem}${/^\p{Ll}/u.test(fix) ? ': ' : '. '}${fix}`;
}
