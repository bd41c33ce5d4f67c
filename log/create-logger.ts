import { type DestinationStream, type LevelWithSilent, type Logger as PinoLogger, pino } from 'pino';
import { consoleStream } from './console-stream.ts';
import { describeError } from './describe-error.ts';
import { openLogFile } from './open-log-file.ts';
import { plainFields, redactLine } from './plain-fields.ts';
import { rememberSecrets } from './redact.ts';

export type Logger = PinoLogger<never, boolean>;

export interface LoggerOptions {
  level: LevelWithSilent;
  /** Where the log file goes; made when it is not there. */
  dir: string;
  /** A command whose output is data logs to stderr. */
  destination?: 'stdout' | 'stderr';
  /** What of it the console shows: a command with progress bars says `warn`. The file always gets all. */
  consoleLevel?: LevelWithSilent;
  /** Default: whether the destination is a terminal. */
  pretty?: boolean;
  /** More can follow with `rememberSecrets`. */
  secrets?: Iterable<string>;
  /** Fields of every line, e.g. `{ role: 'worker' }`. */
  fields?: Record<string, string>;
  now?: Date;
}

const opened = new WeakMap<object, { path: string; flush(): void; close(): void }>();

/** A job's line costs more to write than to make: the file takes them together, this often at the latest. */
const FLUSH_EVERY_MS = 100;
const FLUSH_AT_BYTES = 8192;

/**
 * A logger to the console and to a file of its own. Lines reach the file within 100 ms, and the last ones when the process
 * exits; only a kill that nobody can catch loses what is younger. Errors go under `err`. Throws a `LogFileError`.
 */
export function createLogger(options: LoggerOptions): Logger {
  rememberSecrets(options.secrets ?? []);
  const { path, fd } = openLogFile(options.dir, options.now ?? new Date());
  const file = pino.destination({ fd, sync: true, minLength: FLUSH_AT_BYTES, periodicFlush: FLUSH_EVERY_MS });
  let closed = false;
  // Not `flushSync`: that waits for the disk.
  const flush = () => {
    if (!closed) file.flush();
  };
  process.on('exit', flush);
  const whileOpen: DestinationStream = { write: (line) => void (closed || file.write(line)) };
  // a full disk must not stop the sync; the console goes on
  file.on('error', (error) => {
    if (!closed) {
      closed = true;
      logger.error(error, `the log file ${path} cannot be written any more, lines come only here`);
    }
  });
  const streams = [
    { stream: consoleStream(options.destination ?? 'stdout', options.pretty), level: options.consoleLevel ?? 'trace' },
    { stream: whileOpen, level: 'trace' as const },
  ];
  const logger: Logger = pino(
    {
      level: options.level,
      base: { pid: process.pid, ...options.fields },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        err: (error) => (error instanceof Error ? describeError(error) : error),
        req: ({ id, method, url }) => ({ id, method, url }),
        res: ({ statusCode }) => ({ statusCode }),
      },
      formatters: {
        level: (label) => ({ level: label }),
        log: ({ req, res, ...fields }) => ({
          ...(plainFields(fields) as object),
          ...(isRequestPart(req) && { req }),
          ...(isRequestPart(res) && { res }),
        }),
      },
      hooks: {
        logMethod: function (args, method) {
          const [first, ...rest] = args as unknown as [string, ...unknown[]];
          method.apply(this, [first, ...rest.map((each) => plainFields(each))] as typeof args);
        },
        streamWrite: redactLine,
      },
    },
    pino.multistream(streams),
  );
  const close = () => {
    process.off('exit', flush);
    flush();
    if (!closed) file.end();
    closed = true;
  };
  opened.set(logger, { path, flush, close });
  return logger;
}

/** The file a logger of `createLogger` writes. */
export function logFileOf(logger: Logger): string | undefined {
  return opened.get(logger)?.path;
}

/** Writes what a logger of `createLogger` still holds back into its file. */
export function flushLogger(logger: Logger): void {
  opened.get(logger)?.flush();
}

/** Closes the file of a logger of `createLogger`. Later lines still reach the console. */
export function closeLogger(logger: Logger): void {
  opened.get(logger)?.close();
}

/** Left to the serializers, Fastify's or ours. */
function isRequestPart(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
