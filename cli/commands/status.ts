import type { Command } from 'commander';
import { readDrift } from '../../db/fields/known-fields.ts';
import { readRunning } from '../../db/status.ts';
import { readHealth } from '../../health/read-health.ts';
import { readQueueDepths, readQueueWorkers } from '../../jobs/queue-depths.ts';
import { chooseTargets, type TargetFilter } from '../../operations/targets.ts';
import { runCommand } from '../run-command.ts';
import { showStatus } from '../show-status.ts';

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
        const chosen = [...new Set(targets.map((target) => target.source))];
        const [{ at, entities }, running, depths, drift] = await Promise.all([
          readHealth({ db, settings, sources }, targets),
          readRunning(db, chosen),
          readQueueDepths(context).then((depths) => readQueueWorkers(queues, depths)),
          readDrift(db, chosen),
        ]);
        const status = { at, queue_backend: queues.backend, entities, running, queues: depths, drift };
        if (out.json) out.data(status);
        else showStatus(out, language, status);
        return 0;
      }),
    );
}
