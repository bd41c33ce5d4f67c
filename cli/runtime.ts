import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Connection, connect } from '../db/connection.ts';
import { openEmbeddedPostgres } from '../db/embedded/index.ts';
import { assertSchema, migrateToLatest } from '../db/migrate.ts';
import { openCardKey } from '../hotel/open-card-key.ts';
import { queueNames } from '../jobs/queue-depths.ts';
import { openQueues, type Queues } from '../jobs/queues.ts';
import { closeLogger, createLogger, type Logger } from '../log/create-logger.ts';
import { rememberSecrets } from '../log/redact.ts';
import { type Environment, readEnvironment } from '../settings/environment.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { locateSettings } from '../settings/locate.ts';
import { secretsOf } from '../settings/secrets.ts';
import type { Settings } from '../settings/settings.ts';
import { withEnvFile } from '../settings/with-env-file.ts';
import type { SourceDefinition } from '../sources/define-source.ts';
import { loadSources } from '../sources/load-sources.ts';
import { createContext, type WorkerContext } from '../workers/create-context.ts';
import { demoSettingsPath, openDemoDatabase } from './demo-database.ts';
import { keepLogs } from './keep-logs.ts';
import type { Traces } from './traces/start-traces.ts';

/** Everything a command works with, opened in order and closed in reverse. */
export interface Runtime {
  environment: Environment;
  settings: Settings;
  sources: ReadonlyMap<string, SourceDefinition>;
  databaseUrl: string;
  /** Whether the database is our own, which no one else migrates. */
  embedded: boolean;
  connection: Connection;
  queues: Queues;
  context: WorkerContext;
  log: Logger;
  /** Of the hotel's card numbers; with the embedded database a file is made for it. Undefined when there is none. */
  cardKey(): Buffer | undefined;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  config?: string | undefined;
  /** Word for the log's `role` field. */
  role: string;
  /** What of the log the console shows; a command with output of its own keeps it to warnings. */
  consoleLevel?: 'trace' | 'warn' | 'silent';
  /** Connections of the pool. */
  poolSize?: number;
  /** The demo's own settings, and its database emptied, whatever the environment says. */
  demo?: 'fresh' | undefined;
}

export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const cleanups: (() => Promise<unknown> | unknown)[] = [];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const { environment, settings, warnings, sources, demo } = await readSettings({
      config: options.config,
      demo: options.demo !== undefined,
    });
    const { logLevel, logDir, dataDir } = environment;
    const log = createLogger({
      level: logLevel,
      dir: logDir,
      destination: 'stderr',
      consoleLevel: options.consoleLevel ?? 'trace',
      secrets: secretsOf(settings, environment),
      fields: { role: options.role },
    });
    cleanups.push(() => closeLogger(log));
    cleanups.push(keepLogs(log, logDir, settings.retention?.logsMs));
    for (const warning of warnings) log.warn(warning);

    const database = await openDatabase({
      environment,
      demo,
      fresh: options.demo === 'fresh',
      dataDir: resolve(dataDir),
      log,
    });
    cleanups.push(() => database.leave());
    rememberSecrets(secretsOf(settings, { ...environment, databaseUrl: database.url }));
    if (database.embedded) await migrateToLatest(database.url);

    const traces = await openTraces(environment, { role: options.role, log });
    cleanups.push(() => traces?.stop());

    const onError = (error: Error) => log.warn({ err: error }, 'connection');
    const connection = connect({ url: database.url, max: options.poolSize ?? 10, onError });
    cleanups.push(() => connection.close());
    await assertSchema(connection.db);
    const redisUrl = demo ? undefined : environment.redisUrl;
    const queues = openQueues({
      redisUrl,
      databaseUrl: database.url,
      listeners: queueNames({ settings, sources }).length,
      telemetry: traces?.telemetry,
      onError,
    });
    cleanups.push(() => queues.close());
    const context = createContext({
      db: connection.db,
      databaseUrl: database.url,
      queues,
      settings,
      sources,
      log,
      trace: traces?.request,
    });
    cleanups.push(() => context.close());
    cleanups.push(() => context.flushRequests());
    cleanups.push(() => context.endSessions());
    const { url: databaseUrl, embedded } = database;
    const cardKey = () => {
      const { encryptionKey } = environment;
      const key = openCardKey({ encryptionKey, embeddedDataDir: embedded ? resolve(dataDir) : undefined });
      if (key) rememberSecrets([key.toString('base64'), key.toString('hex')]);
      return key;
    };
    return { environment, settings, sources, databaseUrl, embedded, connection, queues, context, log, cardKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** OpenTelemetry is loaded only where it is wanted. */
async function openTraces({ traces }: Environment, about: { role: string; log: Logger }): Promise<Traces | undefined> {
  if (!traces) return undefined;
  const { startTraces } = await import('./traces/start-traces.ts');
  return startTraces(traces, about);
}

/** The settings in use. Without a pmsync.yaml those of the demo, once it has been run here. */
export async function readSettings({ config, demo = false }: { config?: string | undefined; demo?: boolean }) {
  const cwd = process.cwd();
  const where = { configPath: config, env: process.env, cwd };
  const environment = readEnvironment(withEnvFile(where));
  const sources = await loadSources();
  const demoPath = demoSettingsPath(resolve(environment.dataDir));
  const useDemo =
    demo || (!config && !process.env.PMSYNC_CONFIG && !existsSync(locateSettings(where).path) && existsSync(demoPath));
  if (!useDemo)
    return { environment, sources, demo: false, ...loadSettings({ ...where, env: withEnvFile(where), sources }) };
  const { settings } = loadSettings({ configPath: demoPath, env: process.env, cwd, sources });
  return { environment, sources, demo: true, settings, warnings: [] };
}

export async function openDatabase({
  environment,
  demo,
  fresh = false,
  dataDir,
  log,
}: {
  environment: Environment;
  demo: boolean;
  /** Empties the demo's database first. */
  fresh?: boolean;
  dataDir: string;
  log?: Logger;
}) {
  if (environment.databaseUrl && !demo) return { url: environment.databaseUrl, embedded: false, leave: async () => {} };
  const embedded = await openEmbeddedPostgres({ dataDir, log: (message) => log?.info(message) });
  const url = demo ? await openDemoDatabase(embedded.url, fresh) : embedded.url;
  return { url, embedded: true, leave: () => embedded.leave() };
}
