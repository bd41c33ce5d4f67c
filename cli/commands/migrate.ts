import type { Command } from 'commander';
import { connect } from '../../db/connection.ts';
import { migrateToLatest, pendingMigrations } from '../../db/migrate.ts';
import { rememberSecrets } from '../../log/redact.ts';
import { secretsOf } from '../../settings/secrets.ts';
import { dictionary } from '../../words/dictionary.ts';
import { runCommand } from '../run-command.ts';
import { openOnlyDatabase } from '../which-database.ts';

const words = dictionary({
  en: {
    upToDate: 'The database schema is up to date.',
    applied: (names: string) => `Applied: ${names}`,
    pending: (names: string) => `To be applied: ${names}\nRun: ./pmsync migrate`,
  },
  ru: {
    upToDate: 'Схема базы данных актуальна.',
    applied: (names: string) => `Применены миграции: ${names}`,
    pending: (names: string) => `Ещё не применены: ${names}\nВыполните: ./pmsync migrate`,
  },
});

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .option('--check', 'change nothing; exit 1 when something is to be applied')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./pmsync migrate --check || ./pmsync migrate')
    .action(
      runCommand<{ check?: boolean }>(async ({ options, out, language, onClose }) => {
        const say = words(language);
        const database = await openOnlyDatabase(options.config);
        rememberSecrets(secretsOf(undefined, { ...database.environment, databaseUrl: database.url }));
        onClose(database.leave);
        if (!options.check) {
          const { applied } = await migrateToLatest(database.url);
          if (out.json) out.data({ applied });
          else out.line(applied.length > 0 ? say.applied(applied.join(', ')) : say.upToDate);
          return 0;
        }
        const pending = await readPending(database.url);
        if (out.json) out.data({ pending });
        else out.line(pending.length > 0 ? say.pending(pending.join(', ')) : say.upToDate);
        return pending.length > 0 ? 1 : 0;
      }),
    );
}

async function readPending(url: string): Promise<string[]> {
  const { db, close } = connect({ url, max: 1, onError: () => {} });
  return pendingMigrations(db).finally(close);
}
