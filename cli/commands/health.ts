import type { Command } from 'commander';
import { connect } from '../../db/connection.ts';
import { assertNotOlder, SchemaMismatch } from '../../db/migrate.ts';
import { openQueues } from '../../jobs/queues.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { QueueUnreachable } from '../describe-failure.ts';
import { runCommand, within } from '../run-command.ts';
import { environmentOnly } from '../which-database.ts';

const PATIENCE_MS = 3000;

/**
 * For a container's health check: looks at the environment only, writes no log file (it runs every few seconds), and
 * never starts a database. A newer schema is no fault of a process that is at work: it goes on until it is replaced.
 */
export function registerHealth(program: Command): void {
  program
    .command('health', { hidden: true })
    .description('exit 0 when database and queue answer and the schema is not older than this program')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./pmsync health && echo fine')
    .action(
      runCommand(async ({ options, out, onClose }) => {
        const { databaseUrl, redisUrl } = environmentOnly(options.config);
        if (!databaseUrl) throw new UsageError('health needs DATABASE_URL: it is for containers.');
        const onError = () => {};
        const connection = connect({ url: databaseUrl, max: 1, onError });
        const queues = openQueues({ redisUrl, databaseUrl, onError });
        onClose(connection.close);
        onClose(queues.close);
        await within(PATIENCE_MS, assertNotOlder(connection.db), () => new SchemaMismatch('The database is too slow.'));
        await within(PATIENCE_MS, queues.ping(), () => new QueueUnreachable('no answer'));
        if (out.json) out.data({ database: 'ok', queue: queues.backend });
        else out.line('ok');
        return 0;
      }),
    );
}
