import type { Command } from 'commander';
import type { RunMode } from '../../db/runs/open-run.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { runCommand } from '../run-command.ts';
import { showSync, syncWords } from '../show-sync.ts';
import { shutdownSignal } from '../shutdown.ts';
import { syncAndReport } from '../sync-and-report.ts';
import { requestRuns } from '../sync-runs.ts';
import { chooseTargets, type TargetFilter } from '../targets.ts';
import { UsageError } from '../usage-error.ts';

interface SyncOptions extends TargetFilter {
  full?: boolean;
  from?: string;
  to?: string;
  wait?: boolean;
}

export function registerSync(program: Command): void {
  program
    .command('sync')
    .description('fetches now what is new at the sources')
    .option('--source <name>', 'this source only')
    .option('--account <name>', 'this account only')
    .option('--entity <name>', 'this entity only, e.g. bookings')
    .option('--full', 'everything, not only what is new since the last time')
    .option('--from <date>', 'only what changed since this day (sources with a date filter)')
    .option('--to <date>', 'only what changed until this day (sources with a date filter)')
    .option('--wait', 'work here until it is done, with progress; needs no other process')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  ./pmsync sync --wait\n  ./pmsync sync --source rentprog --account tbilisi --entity bookings --wait\n\nExit code 0: every run is complete. 1: a run failed or is not complete.',
    )
    .action(
      runCommand<SyncOptions>(async ({ options, open, out, language, onClose }) => {
        const runtime = await open({ poolSize: 20 });
        const { context, environment, settings, sources } = runtime;
        const targets = chooseTargets(settings, sources, options);
        refusePeriod(
          options,
          targets.map((target) => target.source),
        );
        const mode: RunMode = options.full ? 'full' : 'incremental';
        if (!options.wait) {
          await requestRuns(context, targets, mode);
          if (out.json) out.data({ requested: targets });
          else out.line(syncWords(language).requested(targets.length));
          return 0;
        }
        const signal = shutdownSignal();
        const workers = await startWorkers(context);
        onClose(() => workers.stop(environment.shutdownTimeoutMs * 0.8));
        const report = await syncAndReport(runtime, targets, mode, language, signal);
        showSync(out, language, report);
        if (signal.aborted) out.note(syncWords(language).interrupted);
        return report.ok ? 0 : 1;
      }),
    );
}

/** No source so far can be asked for a period; silently fetching everything would be worse than saying so. */
function refusePeriod({ from, to }: SyncOptions, sources: readonly string[]): void {
  if (from === undefined && to === undefined) return;
  throw new UsageError(
    `--from and --to: ${[...new Set(sources)].join(', ')} cannot be asked for a period. Leave them out.`,
  );
}
