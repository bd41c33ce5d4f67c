import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { checkAccountName, chooseEntity, chooseSource } from '../../operations/choose-entity.ts';
import { explainUnknown, findAsked, findUnwell } from '../../operations/preview-requeue.ts';
import { parseIds, readIdsFile } from '../../operations/read-ids.ts';
import { requeueFailed, requeueIds } from '../../operations/requeue.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { parseDurationMs } from '../../settings/duration.ts';
import { dictionary, type Language } from '../../words/dictionary.ts';
import { type RequeueReport, receiptOf, withOutcome } from '../requeue-receipt.ts';
import { runCommand } from '../run-command.ts';
import { showRequeue } from '../show-requeue.ts';
import { waitForRequeue } from '../wait-for-requeue.ts';

interface Options {
  source?: string;
  account?: string;
  failed?: boolean;
  file?: string;
  dryRun?: boolean;
  refetch?: boolean;
  wait: boolean;
  timeout: string;
}

const words = dictionary({
  en: { waiting: (n: number) => `Back in the line: ${n}. Waiting; Ctrl+C leaves the rest to the workers.` },
  ru: { waiting: (n: number) => `Возвращено в очередь: ${n}. Ждём; Ctrl+C оставит остальное воркерам.` },
});

const EXAMPLES = `
Examples:
  ./pmsync requeue bookings 450490 450491 --source rentprog
  ./pmsync requeue bookings --file ids.csv --source rentprog
  ./pmsync requeue --failed --source rentprog`;

export function registerRequeue(program: Command): void {
  program
    .command('requeue')
    .description('put records back into the line, with a receipt for each id')
    .argument('[entity]', 'e.g. bookings')
    .argument('[external ids...]', 'between blanks or commas')
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'records of this account only')
    .option('--failed', 'every record that is parked, quarantined or stored without its parent')
    .option('--file <ids.csv>', 'ids from a CSV file: its column external_id or id, else the first')
    .option('--dry-run', 'only say what would happen')
    .option('--refetch', 'read the records again at the source first')
    .option('--no-wait', 'enqueue and return at once')
    .option('--timeout <time>', 'how long to wait', '5m')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(
      runCommand<Options>(async ({ args, options, open, out, language }) => {
        const [entityName, typed] = args as [string | undefined, string[]];
        const ids = idsOf(entityName, typed, options, language);
        const timeoutMs = parseDurationMs(options.timeout);
        if (!timeoutMs) throw new UsageError(`--timeout ${options.timeout}: write e.g. 90s or 5m.`);
        const { dryRun = false, refetch = false, account } = options;

        const runtime = await open();
        const source = chooseSource(runtime, options.source);
        checkAccountName(runtime, source, account);
        const entity = entityName === undefined ? undefined : chooseEntity(source, entityName);
        const { context } = runtime;
        const order = { source: source.name, account, refetch };
        const by = { actor: shellUser() };
        const asked = ids && entity ? { ...order, entity: entity.name, ids } : undefined;
        const failed = { ...order, entity: entity?.name };
        const send = () => (asked ? requeueIds(context, asked, by) : requeueFailed(context, failed, by));
        const look = async () => ({
          id: null,
          requeued: null,
          sent: undefined,
          ...(asked ? await findAsked(context, asked) : { found: await findUnwell(context, failed), unknown: [] }),
        });
        const { id, requeued, found, unknown, sent } = await (dryRun ? look() : send());
        await sent;

        const report: RequeueReport = {
          id,
          dry_run: dryRun,
          refetch,
          finished: null,
          runs: requeued?.runs ?? [],
          records: found.map((record) => receiptOf(record, refetch)),
          unknown: await explainUnknown(context, { ...order, entity: entity?.name ?? '' }, unknown),
        };
        if (requeued && options.wait) {
          out.note(words(language).waiting(found.length));
          report.finished = await waitForRequeue(runtime, found, requeued, timeoutMs);
          report.records = await withOutcome(context, requeued.id);
        }
        if (out.json) out.data(report);
        else showRequeue(out, language, source.name, entity?.name ?? '', report);
        const unhappy = report.finished !== null && report.records.some((receipt) => !receipt.ok);
        return report.unknown.length > 0 || unhappy ? 1 : 0;
      }),
    );
}

/** The ids asked for; undefined stands for everything that failed. */
function idsOf(
  entity: string | undefined,
  typed: readonly string[],
  { failed, file }: Options,
  language: Language,
): string[] | undefined {
  const ways = [typed.length > 0, failed, file !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('Say which records: external ids, --file ids.csv or --failed (one of them).');
  if (failed) return undefined;
  if (entity === undefined)
    throw new UsageError('Say which entity the ids belong to, e.g. requeue bookings --file ids.csv');
  return file === undefined ? parseIds(typed) : readIdsFile(file, entity, language);
}
