import { parseDurationMs } from './duration.ts';
import { parseEncryptionKeys } from './encryption-key.ts';
import { readTraces } from './read-traces.ts';
import { parseRedisAddress, REDIS_EXAMPLE } from './redis-address.ts';
import { type Problem, SettingsError } from './settings-error.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the environment says. Paths are as written: relative to where the process runs. */
export interface Environment {
  databaseUrl?: string;
  redisUrl?: string;
  configPath?: string;
  dataDir: string;
  host: string;
  port: number;
  consolePassword?: string;
  consoleViewerPassword?: string;
  /** Where people reach the console, when not under HOST and PORT. */
  consoleUrl?: string;
  /** As it is written: 32 bytes in hex or base64, or several such keys between commas. The first encrypts card numbers. */
  encryptionKey?: string;
  logLevel: LogLevel;
  logDir: string;
  shutdownTimeoutMs: number;
  /** Set: the process shows its own metrics there, without a password. */
  metrics?: { host: string; port: number };
  /** Set: traces are sent there. The headers are secret. */
  traces?: { endpoint: string; headers: Record<string, string>; serviceName: string; ratio: number };
}

/** Reads the variables (see `withEnvFile` for `.env`); an empty one counts as not set. Throws one `SettingsError` with every problem. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const problems: Problem[] = [];
  const wrong = (place: string, problem: string, fix: string): undefined => {
    problems.push({ file: 'environment', place, problem, fix });
    return undefined;
  };
  const url = (name: string, schemes: string[], example: string) => {
    const text = env[name]?.trim() || undefined;
    const ok = text === undefined || schemes.includes(URL.parse(text)?.protocol ?? '');
    return ok ? text : wrong(name, `is no ${schemes[0]}// address`, `Write e.g. ${example}`);
  };
  const databaseUrl = url(
    'DATABASE_URL',
    ['postgresql:', 'postgres:'],
    'postgresql://user:password@localhost:5432/pmsync',
  );
  const redisUrl = env.REDIS_URL?.trim() || undefined;
  if (redisUrl && !parseRedisAddress(redisUrl))
    wrong('REDIS_URL', 'is no redis:// address', `Write e.g. ${REDIS_EXAMPLE}`);
  const consoleUrl = url('CONSOLE_URL', ['https:', 'http:'], 'https://pmsync.example.org');
  const encryptionKey = env.PMSYNC_ENCRYPTION_KEY?.trim() || undefined;
  if (encryptionKey && !parseEncryptionKeys(encryptionKey)) {
    wrong(
      'PMSYNC_ENCRYPTION_KEY',
      'is no key of 32 bytes',
      'Write what `openssl rand -base64 32` prints; several such keys between commas, the newest first',
    );
  }
  const { PMSYNC_CONFIG: configPath, CONSOLE_PASSWORD: consolePassword } = env;
  const { CONSOLE_VIEWER_PASSWORD: consoleViewerPassword } = env;
  if (consoleViewerPassword && !consolePassword)
    wrong(
      'CONSOLE_VIEWER_PASSWORD',
      'stands alone',
      'Set CONSOLE_PASSWORD too: somebody must be able to change things',
    );
  if (consoleViewerPassword && consoleViewerPassword === consolePassword)
    wrong('CONSOLE_VIEWER_PASSWORD', 'is the same as CONSOLE_PASSWORD', 'Choose another one: it may only look');
  const portOf = (name: string, usual: number) => {
    const text = env[name]?.trim() || String(usual);
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    return wrong(name, `"${text}" is no port`, `Write a number up to 65535, e.g. ${usual}`);
  };
  const port = portOf('PORT', 8080);
  const metricsPort = env.METRICS_PORT?.trim() ? portOf('METRICS_PORT', 9464) : undefined;
  const traces = readTraces(env, url, wrong);
  const level = env.LOG_LEVEL?.trim().toLowerCase() || 'info';
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (!logLevel) wrong('LOG_LEVEL', `"${level}" is no log level`, `Write one of: ${LOG_LEVELS.join(', ')}`);
  const timeout = env.SHUTDOWN_TIMEOUT?.trim() || '20s';
  const shutdownTimeoutMs = parseDurationMs(/^\d+$/.test(timeout) ? `${timeout}s` : timeout);
  if (!shutdownTimeoutMs) wrong('SHUTDOWN_TIMEOUT', `"${timeout}" is no time`, 'Write seconds, e.g. 20 or 20s');
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    ...(databaseUrl && { databaseUrl }),
    ...(redisUrl && { redisUrl }),
    ...(configPath && { configPath }),
    dataDir: env.PMSYNC_DATA_DIR || '.pmsync',
    host: env.HOST || '127.0.0.1',
    port: port ?? 0,
    ...(consolePassword && { consolePassword }),
    ...(consoleViewerPassword && { consoleViewerPassword }),
    ...(consoleUrl && { consoleUrl }),
    ...(encryptionKey && { encryptionKey }),
    logLevel: logLevel ?? 'info',
    logDir: env.LOG_DIR || 'logs',
    shutdownTimeoutMs: shutdownTimeoutMs ?? 0,
    ...(metricsPort !== undefined && { metrics: { host: env.METRICS_HOST || '127.0.0.1', port: metricsPort } }),
    ...(traces && { traces }),
  };
}
