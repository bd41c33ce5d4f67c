import type { Command } from 'commander';
import { readDrift } from '../../db/fields/known-fields.ts';
import { databaseNow } from '../../db/now.ts';
import { readRunning, readStatus, type TargetStatus } from '../../db/status.ts';
import { readQueueDepths } from '../../jobs/queue-depths.ts';
import { freshnessOf } from '../../settings/freshness.ts';
import type { Settings } from '../../settings/settings.ts';
import { runCommand } from '../run-command.ts';
import { showStatus } from '../show-status.ts';
import { chooseTargets, type TargetFilter } from '../targets.ts';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('how every account and entity stands, and the queues')
    .option('--source <name>', 'this source only')
    .option('--account <name>', 'this account only')
    .option('--entity <name>', 'this entity only')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./pmsync status --source rentprog')
    .action(
      runCommand<TargetFilter>(async ({ options, open, out, language }) => {
        const { connection, context, queues, settings, sources } = await open();
        const { db } = connection;
        const targets = chooseTargets(settings, sources, options, { parts: true });
        const listed = (source: string, entity: string) =>
          sources.get(source)?.entities.find(({ name }) => name === entity)?.partOf ?? entity;
        const chosen = [...new Set(targets.map((target) => target.source))];
        const [at, statuses, running, depths, drift] = await Promise.all([
          databaseNow(db),
          readStatus(db, targets, listed),
          readRunning(db, chosen),
          readQueueDepths(context),
          readDrift(db, chosen),
        ]);
        const entities = statuses.map((status) => ({
          ...status,
          freshness: freshness(settings, status, listed(status.source, status.entity), at),
        }));
        const status = { at, queue_backend: queues.backend, entities, running, queues: depths, drift };
        if (out.json) out.data(status);
        else showStatus(out, language, status);
        return 0;
      }),
    );
}

function freshness({ sources }: Settings, { source, account, last_read_at }: TargetStatus, entity: string, now: Date) {
  const settings = sources.find((known) => known.name === source);
  const timezone = settings?.accounts.find((known) => known.name === account)?.timezone ?? 'UTC';
  return freshnessOf([settings?.schedule[entity], settings?.schedule.full], last_read_at, { now, timezone });
}
