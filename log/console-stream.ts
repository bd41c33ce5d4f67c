import { isatty } from 'node:tty';
import { type DestinationStream, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';

/** Formats in place instead of through pino-pretty's stream, which would lose lines at `process.exit`. */
export function consoleStream(destination: 'stdout' | 'stderr', pretty?: boolean): DestinationStream {
  const fd = destination === 'stderr' ? 2 : 1;
  const out = pino.destination({ fd, sync: true });
  out.on('error', () => {}); // the terminal is gone; the file goes on
  if (!(pretty ?? isatty(fd))) return out;
  const format = prettyFactory({ colorize: isatty(fd), translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
  return { write: (line) => void out.write(format(line)) };
}
