import type { Command } from 'commander';
import { sql } from 'kysely';
import { chooseTargets } from '../../operations/targets.ts';
import { dictionary } from '../../words/dictionary.ts';
import { type AccountCheck, checkAccount } from '../check-account.ts';
import { credentialPlaces } from '../credential-places.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../runtime.ts';

const words = dictionary({
  en: {
    titles: 'source|account|answer|ms|read',
    ok: 'ok',
    fails: 'FAILS',
    loggedOut: 'logged out again',
    rows: (n: number, entity: string) => `${n} ${entity}`,
    system: (database: string, queue: string) => `Database: PostgreSQL ${database}. Queue: ${queue}.`,
    UNAUTHORIZED: (places: string) => `The credentials are refused. Check ${places}.`,
    UNAVAILABLE: (url: string) => `No proper answer. Is ${url} the right address, and can this machine reach it?`,
    REJECTED: (url: string) => `The request is refused. Check the address ${url}.`,
    RATE_LIMITED: 'The request limit is used up at the moment; the credentials may be fine. Try again later.',
    timezone: (zone: string) =>
      `PostgreSQL does not know the time zone ${zone}. Write an IANA name, e.g. Asia/Tbilisi.`,
  },
  ru: {
    titles: 'источник|аккаунт|ответ|мс|прочитано',
    ok: 'в порядке',
    fails: 'ОШИБКА',
    loggedOut: 'сеанс закрыт',
    rows: (n: number, entity: string) => `${n} ${entity}`,
    system: (database: string, queue: string) => `База данных: PostgreSQL ${database}. Очередь: ${queue}.`,
    UNAUTHORIZED: (places: string) => `Доступ не принят. Проверьте ${places}.`,
    UNAVAILABLE: (url: string) => `Нет нормального ответа. Верен ли адрес ${url} и доступен ли он с этой машины?`,
    REJECTED: (url: string) => `Запрос отклонён. Проверьте адрес ${url}.`,
    RATE_LIMITED: 'Лимит запросов сейчас исчерпан; доступ может быть в порядке. Попробуйте позже.',
    timezone: (zone: string) => `PostgreSQL не знает часовой пояс ${zone}. Укажите имя IANA, например Asia/Tbilisi.`,
  },
});

type Words = ReturnType<typeof words>;

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('credentials and connectivity of every account, with latency')
    .option('--source <name>', 'this source only')
    .option('--account <name>', 'this account only')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nReads one page of each account and stores nothing.\n\nExample:\n  ./pmsync check --source rentprog',
    )
    .action(
      runCommand<{ source?: string; account?: string }>(async ({ options, open, out, language }) => {
        const say = words(language);
        const runtime = await open();
        const { settings, sources, connection, queues } = runtime;
        for (const warning of (await readSettings(options)).warnings) out.note(warning);
        const targets = chooseTargets(settings, sources, { source: options.source, account: options.account });
        const accounts = settings.sources.flatMap((source) =>
          source.accounts.filter((account) =>
            targets.some((target) => target.source === source.name && target.account === account.name),
          ),
        );
        const results = await Promise.all(
          accounts.map(async (account) => {
            const source = sources.get(account.source)!;
            const check = await checkAccount(runtime, source, account);
            // A session that cannot be had says itself what to do.
            const code = source.closeSession && check.code === 'RATE_LIMITED' ? null : check.code;
            const places = credentialPlaces(source, account, options.config);
            return {
              ...check,
              advice: advice(say, { ...check, code }, account.baseUrl, places),
            };
          }),
        );
        // Sessions that occupy something are not kept for a check.
        await runtime.context.endSessions();
        const { rows } = await sql<{ server_version: string }>`show server_version`.execute(connection.db);
        const database = rows[0]?.server_version ?? '';
        if (out.json) out.data({ database, queue_backend: queues.backend, accounts: results });
        else {
          out.line(say.system(database, queues.backend));
          out.line();
          out.table(
            say.titles.split('|'),
            results.map((result) => [
              result.source,
              result.account,
              result.ok ? out.paint('green', say.ok) : out.paint('red', say.fails),
              result.latency_ms,
              result.rows === null ? '–' : say.rows(result.rows, result.entity),
            ]),
          );
          for (const { source, account, about } of results.filter((result) => Object.keys(result.about).length > 0)) {
            const said = Object.entries(about).map(([name, value]) => `${name}: ${value}`);
            out.line(`${source} ${account}: ${[...said, say.loggedOut].join(', ')}`);
          }
          for (const { source, account, error, advice } of results.filter((result) => !result.ok)) {
            out.line(`\n${source} ${account}: ${error ?? ''}`.trimEnd());
            for (const line of advice) out.line(`  ${line}`);
          }
        }
        return results.every((result) => result.ok) ? 0 : 1;
      }),
    );
}

function advice(
  say: Words,
  { code, timezone, timezone_ok: zoneOk }: AccountCheck,
  url: string,
  places: string,
): string[] {
  const lines = zoneOk ? [] : [say.timezone(timezone)];
  if (code === 'UNAUTHORIZED') lines.push(say.UNAUTHORIZED(places));
  if (code === 'UNAVAILABLE') lines.push(say.UNAVAILABLE(url));
  if (code === 'REJECTED') lines.push(say.REJECTED(url));
  if (code === 'RATE_LIMITED') lines.push(say.RATE_LIMITED);
  return lines;
}
