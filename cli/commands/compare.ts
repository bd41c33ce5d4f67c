import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { type FixedAccount, fixComparison } from '../../jobs/fix-comparison.ts';
import { accountNames, checkAccountName, chooseEntity, chooseSource } from '../../operations/choose-entity.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { type CompareOrder, type CompareReport, compareAndReport } from '../compare-and-report.ts';
import { compareWords } from '../compare-words.ts';
import { followRuns } from '../follow-runs.ts';
import { withPeriod } from '../read-period.ts';
import { type Call, runCommand } from '../run-command.ts';
import type { Runtime } from '../runtime.ts';
import { showCompare } from '../show-compare.ts';
import { shutdownSignal } from '../shutdown.ts';
import { openProgress } from '../sync-and-report.ts';

interface Options {
  source?: string;
  account?: string;
  from?: string;
  to?: string;
  fix?: boolean;
  confirmDeletes?: boolean;
  limit?: string;
}

const USUAL_LIMIT = 20;

const MORE = `
Examples:
  ./pmsync compare bookings --source rentprog
  ./pmsync compare bookings --source rentprog --account tbilisi --fix

It needs no other process and reads within the source's rate limits.
Exit code 0: equal. 1: they differ, or the source's list could not be read to its end. With --fix the second comparison counts.`;

export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description('compares the source with what is here: missing, gone, different')
    .argument('<entity>', 'e.g. bookings')
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'this account only')
    .option('--from <day>', 'from this day on, e.g. 2025-11-01 (sources whose list can be asked for a period)')
    .option('--to <day>', 'until this day, this day included; without it today')
    .option('--fix', 'repair what differs, then compare again')
    .option('--confirm-deletes', 'with --fix: delete also when the brake would hold it')
    .option('--limit <n>', `so many of each list (default: ${USUAL_LIMIT}; with --json all)`)
    .option('--json', 'as JSON')
    .addHelpText('after', MORE)
    .action(
      runCommand<Options>(async (call) => {
        const { args, options, open, out, language, onClose } = call;
        const limit = limitOf(options.limit, out.json ? Infinity : USUAL_LIMIT);
        if (options.confirmDeletes && !options.fix) throw new UsageError('--confirm-deletes goes with --fix.');
        const runtime = await open({ poolSize: 20 });
        const source = chooseSource(runtime, options.source);
        const entity = chooseEntity(source, String(args[0]));
        checkAccountName(runtime, source, options.account);
        const accounts = options.account === undefined ? accountNames(runtime, source.name) : [options.account];
        const target = { source: source.name, entity, accounts };
        const order: CompareOrder = { ...target, periods: periodsOf(options, runtime, target) };

        const say = compareWords(language);
        const signal = shutdownSignal();
        const workers = await startWorkers(runtime.context);
        onClose(() => workers.stop(runtime.environment.shutdownTimeoutMs * 0.8));
        out.note(say.comparing);
        const stopped = () => {
          out.note(say.stopped);
          return 1;
        };
        let report = await compareAndReport(runtime, order, language, signal);
        if (!report) return stopped();
        let fix: FixedAccount[] | null = null;
        if (options.fix && needsFix(report)) {
          out.note(say.fixing);
          fix = await repair(call, runtime, report, signal);
          out.note(say.again);
          report = signal.aborted ? undefined : await compareAndReport(runtime, order, language, signal);
          if (!report) return stopped();
        }
        await showCompare(out, language, runtime.connection.db, { report, entity, fix, limit });
        return report.equal ? 0 : 1;
      }),
    );
}

function needsFix({ equal, accounts }: CompareReport): boolean {
  return !equal || accounts.some((account) => (account.not_listed ?? 0) > 0);
}

/** Repairs, and waits until every record has come through. */
async function repair(
  { language, options }: Call<Options>,
  runtime: Runtime,
  { comparison, accounts }: CompareReport,
  signal: AbortSignal,
): Promise<FixedAccount[]> {
  const complete = accounts.flatMap((account) =>
    account.not_listed === null ? [] : [[account.account, { ...account, not_listed: account.not_listed }] as const],
  );
  const fixed = await fixComparison(runtime.context, comparison, {
    actor: shellUser(),
    confirmDeletes: options.confirmDeletes ?? false,
    counts: new Map(complete),
  });
  const ids = fixed.flatMap((account) => account.run_ids);
  if (ids.length > 0) await followRuns(runtime, ids, await openProgress(runtime, language), signal);
  return fixed;
}

function limitOf(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--limit ${text}: write a number, e.g. 100.`);
  return Number(text);
}

/** The period of `--from` and `--to`; without `--to` until today, by the account's clock. */
function periodsOf(
  { from, to }: Options,
  runtime: Runtime,
  { source, entity, accounts }: Omit<CompareOrder, 'periods'>,
): CompareOrder['periods'] {
  const targets = accounts.map((account) => ({ source, account, entity: entity.name }));
  return new Map(withPeriod(targets, { from, to }, runtime).map(({ account, period }) => [account, period ?? null]));
}
