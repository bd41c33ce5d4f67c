import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { nearMisses } from '../../db/near-misses.ts';
import { findFailed, findRecords } from '../../db/requeue.ts';
import { requeue } from '../../jobs/requeue.ts';
import { checkAccountName, chooseEntity, chooseSource, knownEntities } from '../../operations/choose-entity.ts';
import { parseIds, readIdsFile } from '../../operations/read-ids.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { parseDurationMs } from '../../settings/duration.ts';
import { dictionary } from '../../words/dictionary.ts';
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
        const ids = idsOf(entityName, typed, options);
        const timeoutMs = parseDurationMs(options.timeout);
        if (!timeoutMs) throw new UsageError(`--timeout ${options.timeout}: write e.g. 90s or 5m.`);
        const { dryRun = false, refetch = false, account } = options;

        const runtime = await open();
        const { db } = runtime.connection;
        const source = chooseSource(runtime, options.source);
        checkAccountName(runtime, source, account);
        const entity = entityName === undefined ? undefined : chooseEntity(source, entityName);
        const lookable = entity ? entity.one : source.entities.every((each) => each.one);
        if (refetch && !lookable)
          throw new UsageError(`${source.name} cannot read single records here; leave --refetch out.`);

        const filter = { source: source.name, account };
        const found =
          ids && entity
            ? await findRecords(db, { ...filter, entity: entity.name }, ids)
            : await findFailed(db, { ...filter, entity: entity?.name });
        const place = new Map(ids?.map((id, index) => [id, index]));
        const records = found.toSorted((a, b) => (place.get(a.external_id) ?? 0) - (place.get(b.external_id) ?? 0));
        const here = new Set(records.map((record) => record.external_id));
        const missing = ids?.filter((id) => !here.has(id)) ?? [];
        const misses = await nearMisses(db, { ...filter, entity: entity?.name ?? '' }, knownEntities(runtime), missing);

        const report: RequeueReport = {
          dry_run: dryRun,
          refetch,
          finished: null,
          runs: [],
          records: records.map((record) => receiptOf(record, refetch)),
          unknown: missing.map((id) => ({ external_id: id, near_misses: misses.get(id) ?? [] })),
        };
        if (!dryRun && records.length > 0) {
          const requeued = await requeue(runtime.context, records, {
            source: source.name,
            refetch,
            actor: shellUser(),
            target: [source.name, account, entity?.name].filter(Boolean).join('/'),
            details: { asked: options.failed ? 'failed' : options.file ? 'file' : 'ids', ids: ids?.length ?? null },
          });
          report.runs = requeued.runs;
          if (options.wait) {
            out.note(words(language).waiting(records.length));
            report.finished = await waitForRequeue(runtime, records, requeued, timeoutMs);
            report.records = await withOutcome(db, records, requeued, refetch);
          }
        }
        if (out.json) out.data(report);
        else showRequeue(out, language, source.name, entity?.name ?? '', report);
        const unhappy = report.records.some((receipt) => receipt.ok === false);
        return report.unknown.length > 0 || unhappy ? 1 : 0;
      }),
    );
}

/** The ids asked for; undefined stands for everything that failed. */
function idsOf(entity: string | undefined, typed: readonly string[], { failed, file }: Options): string[] | undefined {
  const ways = [typed.length > 0, failed, file !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('Say which records: external ids, --file ids.csv or --failed (one of them).');
  if (failed) return undefined;
  if (entity === undefined)
    throw new UsageError('Say which entity the ids belong to, e.g. requeue bookings --file ids.csv');
  return file === undefined ? parseIds(typed) : readIdsFile(file, entity);
}
