import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { type RunWish, requestRuns, sortOutPaused } from '../../operations/run-now.ts';
import { chooseTargets, type TargetFilter } from '../../operations/targets.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { type PeriodOptions, withPeriod } from '../read-period.ts';
import { runCommand } from '../run-command.ts';
import { pausedText } from '../show-paused.ts';
import { showSync, syncWords } from '../show-sync.ts';
import { shutdownSignal } from '../shutdown.ts';
import { syncAndReport } from '../sync-and-report.ts';

interface SyncOptions extends TargetFilter, PeriodOptions {
  confirmDeletes?: boolean;
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
    .option('--from <date>', 'only this period, e.g. 2026-01-01 (where the source can be asked for one)')
    .option('--to <date>', 'last day of the period; without it today')
    .option('--confirm-deletes', 'with --full or --from: delete also what the brake would hold')
    .option('--wait', 'work here until it is done, with progress; needs no other process')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  ./pmsync sync --wait\n  ./pmsync sync --source rentprog --account tbilisi --entity bookings --wait\n  ./pmsync sync --source litepms --entity bookings --from 2026-01-01 --to 2026-01-31 --wait\n\nExit code 0: every run is complete. 1: a run failed or is not complete.',
    )
    .action(
      runCommand<SyncOptions>(async ({ options, open, out, language, onClose }) => {
        const runtime = await open({ poolSize: 20 });
        const { context, environment, settings, sources } = runtime;
        const targets = chooseTargets(settings, sources, options);
        const asked = withPeriod(targets, options, { settings, sources });
        const wish = wishOf(options);
        const { requested: wanted, refused } = await sortOutPaused(context, asked);
        if (refused.length > 0) out.note(pausedText(refused, language));
        if (wanted.length === 0) {
          if (out.json) out.data({ requested: [], refused });
          return 1;
        }
        if (!options.wait) {
          await requestRuns(context, wanted, wish, { actor: shellUser() });
          if (out.json) out.data({ requested: wanted, refused });
          else out.line(syncWords(language).requested(wanted.length));
          return 0;
        }
        const signal = shutdownSignal();
        const workers = await startWorkers(context);
        onClose(() => workers.stop(environment.shutdownTimeoutMs * 0.8));
        const report = await syncAndReport(runtime, wanted, wish, language, signal);
        showSync(out, language, report);
        if (signal.aborted) out.note(syncWords(language).interrupted);
        return report.ok ? 0 : 1;
      }),
    );
}

function wishOf({ full = false, from, confirmDeletes = false }: SyncOptions): RunWish {
  if (confirmDeletes && !full && from === undefined)
    throw new UsageError(
      '--confirm-deletes needs --full, or --from: only a complete list shows what is not there any more.',
    );
  return { mode: full ? 'full' : 'incremental', ...(confirmDeletes && { confirmDeletes }) };
}
