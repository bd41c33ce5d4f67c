import { ConsoleRefused } from '../console/console-refused.ts';
import { EmbeddedPostgresError } from '../db/embedded/index.ts';
import { SchemaMismatch } from '../db/migrate.ts';
import { LogFileError } from '../log/open-log-file.ts';
import { redactText } from '../log/redact.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { SourceError } from '../sources/errors.ts';
import { dictionary, type Language } from '../words/dictionary.ts';

/** The queue's server does not answer. */
export class QueueUnreachable extends Error {
  readonly code = 'QUEUE_UNREACHABLE';
}

export interface Failure {
  message: string;
  exitCode: 1 | 2;
  /** Nobody expected it: the log file has more. */
  unexpected: boolean;
}

const words = dictionary({
  en: {
    settings: 'The settings are not right:',
    databaseSilent: (code: string) =>
      `The database does not answer (${code}). Start PostgreSQL, or correct DATABASE_URL.`,
    databaseRefuses: (code: string) =>
      `The database refuses us (${code}). Correct user, password and name in DATABASE_URL.`,
    queueSilent: 'The queue does not answer. Start Redis, or correct REDIS_URL (without it PostgreSQL is the queue).',
    tableMissing: 'The database has no pmsync tables. Run: ./pmsync migrate',
  },
  ru: {
    settings: 'Ошибки в настройках:',
    databaseSilent: (code: string) =>
      `База данных не отвечает (${code}). Запустите PostgreSQL или исправьте DATABASE_URL.`,
    databaseRefuses: (code: string) =>
      `База данных отказывает в доступе (${code}). Исправьте имя, пароль и название базы в DATABASE_URL.`,
    queueSilent: 'Очередь не отвечает. Запустите Redis или исправьте REDIS_URL (без него очередью служит PostgreSQL).',
    tableMissing: 'В базе данных нет таблиц pmsync. Выполните: ./pmsync migrate',
  },
});

const SILENT =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|57P0[123]|08\w{3}|53300)$/;
/** Wrong password, no such role, no such database, no right to enter. */
const REFUSES = /^(28\w{3}|3D000|42501)$/;
const NO_TABLE = '42P01';

/** An error in the words of an operator, with what to do next. */
export function describeFailure(error: unknown, language: Language): Failure {
  const say = words(language);
  const failure = (message: string, exitCode: 1 | 2 = 1): Failure => ({ message, exitCode, unexpected: false });
  if (error instanceof SettingsError) return failure(`${say.settings}\n${error.message}`, 2);
  const code = codeOf(error);
  if (code === 'USAGE' || code === 'UNKNOWN_NAME' || error instanceof LogFileError || error instanceof ConsoleRefused)
    return failure(messageOf(error), 2);
  if (error instanceof EmbeddedPostgresError || error instanceof SchemaMismatch || error instanceof SourceError)
    return failure(messageOf(error));
  if (error instanceof QueueUnreachable) return failure(say.queueSilent);
  if (code && SILENT.test(code)) return failure(say.databaseSilent(code));
  if (code && REFUSES.test(code)) return failure(say.databaseRefuses(code), 2);
  if (code === NO_TABLE) return failure(say.tableMissing);
  return { ...failure(messageOf(error)), unexpected: true };
}

function messageOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error));
}

/** Of the error or along its causes; both addresses of a name that resolve twice are refused together. */
function codeOf(error: unknown): string | undefined {
  for (let e = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth += 1) {
    const { code } = e as Error & { code?: unknown };
    if (typeof code === 'string') return code;
    if (e instanceof AggregateError && e.errors.length > 0) return codeOf(e.errors[0]);
  }
  return undefined;
}
