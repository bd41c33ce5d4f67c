import { startConsole } from '../../../console/start-console.ts';
import { connect } from '../../../db/connection.ts';
import { queueNames } from '../../../jobs/queue-depths.ts';
import { openQueues } from '../../../jobs/queues.ts';
import { createLogger } from '../../../log/create-logger.ts';
import type { Settings } from '../../../settings/settings.ts';
import { loadSources } from '../../../sources/load-sources.ts';
import { createContext } from '../../../workers/create-context.ts';
import { startWorkers } from '../../../workers/start-workers.ts';
import { answerQuestions, readUsage } from './child.ts';

/** A worker or a console of the system that is measured: the same parts as `./pmsync start --role …`, with settings of the bench. */
export interface Part {
  role: 'worker' | 'console';
  databaseUrl: string;
  redisUrl?: string | undefined;
  /** Of the queue's keys. */
  prefix: string;
  settings: Settings;
  logDir: string;
}

let stop: (() => Promise<unknown>) | undefined;

answerQuestions({
  start: async (part: Part) => {
    const started = await startPart(part);
    stop = started.stop;
    return { url: started.url };
  },
  usage: readUsage,
  stop: () => stop?.(),
});

/** As many as `start` opens. */
const POOL_SIZE = 20;

async function startPart({ role, databaseUrl, redisUrl, prefix, settings, logDir }: Part) {
  const log = createLogger({ level: 'info', consoleLevel: 'error', dir: logDir, destination: 'stderr' });
  const onError = (error: Error) => log.error({ err: error }, 'connection');
  const connection = connect({ url: databaseUrl, max: POOL_SIZE, onError });
  const sources = await loadSources();
  const listeners = queueNames({ settings, sources }).length;
  const queues = openQueues({ redisUrl, databaseUrl, prefix, listeners, onError });
  const context = createContext({ db: connection.db, databaseUrl, queues, settings, sources, log });
  const part =
    role === 'worker'
      ? { ...(await startWorkers(context)), url: '' }
      : await startConsole(context, { host: '127.0.0.1', port: 0 }).then(({ url, close }) => ({ url, stop: close }));
  return {
    url: part.url,
    async stop() {
      await part.stop(10_000);
      context.close();
      await queues.close();
      await connection.close();
    },
  };
}
