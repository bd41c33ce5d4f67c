import { resolve } from 'node:path';
import type { Command } from 'commander';
import { embeddedPostgresStatus } from '../../db/embedded/index.ts';
import { dictionary } from '../../words/dictionary.ts';
import { runCommand } from '../run-command.ts';
import { environmentOnly, openOnlyDatabase } from '../which-database.ts';

const words = dictionary({
  en: {
    stopped: 'This server runs only while pmsync does (./pmsync start or ./pmsync demo); right now it is stopped.',
  },
  ru: {
    stopped:
      'Этот сервер работает, только пока запущен pmsync (./pmsync start или ./pmsync demo); сейчас он остановлен.',
  },
});

export function registerDb(program: Command): void {
  const db = program.command('db').description('the database in use');
  db.command('url')
    .description('print the database URL in use, password included')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  psql "$(./pmsync db url)"')
    .action(
      runCommand(async ({ options, out, language }) => {
        const { dataDir } = environmentOnly(options.config);
        const wasRunning = embeddedPostgresStatus(resolve(dataDir)).running;
        const database = await openOnlyDatabase(options.config);
        await database.leave();
        const running = !database.embedded || wasRunning;
        if (out.json) out.data({ url: database.url, embedded: database.embedded, running });
        else out.line(database.url);
        if (!running) out.note(words(language).stopped);
        return 0;
      }),
    );
}
