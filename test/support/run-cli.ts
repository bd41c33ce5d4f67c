import { Command } from 'commander';
import { vi } from 'vitest';
import { registerAnalyze } from '../../cli/commands/analyze.ts';
import { registerChangeCardKey } from '../../cli/commands/change-card-key.ts';
import { registerCheck } from '../../cli/commands/check.ts';
import { registerCompare } from '../../cli/commands/compare.ts';
import { registerDb } from '../../cli/commands/db.ts';
import { registerDelete } from '../../cli/commands/delete.ts';
import { registerDigest } from '../../cli/commands/digest.ts';
import { registerExplain } from '../../cli/commands/explain.ts';
import { registerHealth } from '../../cli/commands/health.ts';
import { registerMigrate } from '../../cli/commands/migrate.ts';
import { registerPause, registerResume } from '../../cli/commands/pause.ts';
import { registerReport } from '../../cli/commands/report.ts';
import { registerRequeue } from '../../cli/commands/requeue.ts';
import { registerStatus } from '../../cli/commands/status.ts';
import { registerSync } from '../../cli/commands/sync.ts';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
  /** The output of `--json`. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape differs per command
  data(): any;
}

/** Runs an operator's command in this process, with `env` on top of an English, colourless environment. */
export async function runCli(env: Record<string, string>, ...args: string[]): Promise<CliResult> {
  const program = new Command('pmsync').option('--config <path>').option('--lang <language>').exitOverride();
  for (const register of [
    registerAnalyze,
    registerChangeCardKey,
    registerCheck,
    registerCompare,
    registerDb,
    registerDelete,
    registerDigest,
    registerExplain,
    registerHealth,
    registerMigrate,
    registerPause,
    registerReport,
    registerRequeue,
    registerResume,
    registerStatus,
    registerSync,
  ])
    register(program);
  const before = { ...process.env };
  const texts = { stdout: '', stderr: '' };
  const capture = (name: 'stdout' | 'stderr') =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      texts[name] += String(text);
      return true;
    });
  const spies = [capture('stdout'), capture('stderr')];
  Object.assign(process.env, { LANG: 'C', LC_ALL: '', LC_MESSAGES: '', NO_COLOR: '1', ...env });
  try {
    process.exitCode = undefined;
    await program.parseAsync(args, { from: 'user' });
    const code = Number(process.exitCode ?? 0);
    return { code, ...texts, data: () => JSON.parse(texts.stdout) };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
