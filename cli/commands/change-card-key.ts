import { resolve } from 'node:path';
import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { connect } from '../../db/connection.ts';
import { assertSchema } from '../../db/migrate.ts';
import { bookingsOfOtherKeys, changeCardKey } from '../../hotel/change-card-key.ts';
import { openCardKeys } from '../../hotel/open-card-key.ts';
import { rememberSecrets } from '../../log/redact.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { secretsOf } from '../../settings/secrets.ts';
import { dictionary } from '../../words/dictionary.ts';
import { counted } from '../../words/plural.ts';
import { runCommand } from '../run-command.ts';
import { openOnlyDatabase } from '../which-database.ts';

const MOST_SHOWN = 20;

const words = dictionary({
  en: {
    noKey: 'There is no key: set PMSYNC_ENCRYPTION_KEY to the new key, a comma, and the old one.',
    changed: (n: number) =>
      `${counted('en', n, { one: 'card number is', other: 'card numbers are' })} encrypted with the first key now.`,
    unknown: (n: number, ids: string) =>
      `${counted('en', n, { one: 'card number was', other: 'card numbers were' })} encrypted with a key that is not in PMSYNC_ENCRYPTION_KEY, or spoilt. Bookings: ${ids}`,
    all: 'All card numbers are encrypted with the first key: the others may go.',
    toDo: (n: number, ids: string) =>
      `${counted('en', n, { one: 'card number is', other: 'card numbers are' })} not encrypted with the first key. Bookings: ${ids}\nRun: ./pmsync change-card-key`,
  },
  ru: {
    noKey: 'Ключа нет: запишите в PMSYNC_ENCRYPTION_KEY новый ключ, запятую и старый.',
    changed: (n: number) =>
      `Зашифровано первым ключом: ${counted('ru', n, { one: 'номер карты', few: 'номера карт', many: 'номеров карт' })}.`,
    unknown: (n: number, ids: string) =>
      `Зашифровано ключом, которого нет в PMSYNC_ENCRYPTION_KEY, или испорчено: ${counted('ru', n, { one: 'номер карты', few: 'номера карт', many: 'номеров карт' })}. Брони: ${ids}`,
    all: 'Все номера карт зашифрованы первым ключом: остальные ключи больше не нужны.',
    toDo: (n: number, ids: string) =>
      `Не первым ключом: ${counted('ru', n, { one: 'номер карты', few: 'номера карт', many: 'номеров карт' })}. Брони: ${ids}\nВыполните: ./pmsync change-card-key`,
  },
});

export function registerChangeCardKey(program: Command): void {
  program
    .command('change-card-key')
    .description('encrypt the hotel’s card numbers with the first key of PMSYNC_ENCRYPTION_KEY')
    .option('--check', 'change nothing; exit 1 when there is something to do')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./pmsync change-card-key && ./pmsync change-card-key --check')
    .action(
      runCommand<{ check?: boolean }>(async ({ options, out, language, onClose }) => {
        const say = words(language);
        const { environment, url, embedded, leave } = await openOnlyDatabase(options.config);
        onClose(leave);
        rememberSecrets(secretsOf(undefined, { ...environment, databaseUrl: url }));
        const { encryptionKey, dataDir } = environment;
        const keys = openCardKeys({ encryptionKey, embeddedDataDir: embedded ? resolve(dataDir) : undefined });
        if (!keys) throw new UsageError(say.noKey);
        const { db, close } = connect({ url, max: 2, onError: () => {} });
        onClose(close);
        await assertSchema(db);
        const shown = (ids: readonly number[]) => ids.slice(0, MOST_SHOWN).join(', ');
        if (options.check) {
          const ids = await bookingsOfOtherKeys(db, keys[0]);
          if (out.json) out.data({ other_keys: ids.length, bookings: ids });
          else out.line(ids.length > 0 ? say.toDo(ids.length, shown(ids)) : say.all);
          return ids.length > 0 ? 1 : 0;
        }
        const { changed, unknown } = await changeCardKey(db, keys, shellUser());
        if (out.json) out.data({ changed, unknown });
        else {
          out.line(say.changed(changed));
          out.line(unknown.length > 0 ? say.unknown(unknown.length, shown(unknown)) : say.all);
        }
        return unknown.length > 0 ? 1 : 0;
      }),
    );
}
