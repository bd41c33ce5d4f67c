import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { registerAnalyze } from './commands/analyze.ts';
import { registerChangeCardKey } from './commands/change-card-key.ts';
import { registerCheck } from './commands/check.ts';
import { registerCompare } from './commands/compare.ts';
import { registerDb } from './commands/db.ts';
import { registerDelete } from './commands/delete.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDigest } from './commands/digest.ts';
import { registerExplain } from './commands/explain.ts';
import { registerHealth } from './commands/health.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerPause, registerResume } from './commands/pause.ts';
import { registerReport } from './commands/report.ts';
import { registerRequeue } from './commands/requeue.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerStart } from './commands/start.ts';
import { registerStatus } from './commands/status.ts';
import { registerSync } from './commands/sync.ts';

const { version, description } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const program = new Command('pmsync')
  .description(description)
  .version(version)
  .option('--config <path>', 'the settings file (default: PMSYNC_CONFIG, else pmsync.yaml)')
  .option('--lang <language>', 'ru or en (default: the language of the shell)')
  .addHelpText(
    'after',
    '\nBegin with: ./pmsync demo\nThen copy pmsync.example.yaml to pmsync.yaml and run: ./pmsync check',
  )
  .showHelpAfterError('(--help shows how it is used)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

registerDemo(program);
registerStart(program);
registerMigrate(program);
registerSync(program);
registerStatus(program);
registerCheck(program);
registerAnalyze(program);
registerRequeue(program);
registerExplain(program);
registerPause(program);
registerResume(program);
registerCompare(program);
registerReport(program);
registerDelete(program);
registerDigest(program);
registerChangeCardKey(program);
registerDb(program);
registerHealth(program);
registerSimulate(program);

await program.parseAsync();
// Everything is closed: what nobody waits for any more must not keep the process.
setTimeout(() => process.exit(), 200).unref();
