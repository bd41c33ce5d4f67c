import { type AddressInfo, isIPv6 } from 'node:net';
import type { JobContext } from '../jobs/define-job.ts';
import { isLoopback } from './access/loopback.ts';
import { ConsoleRefused, refusedListen } from './console-refused.ts';
import { createServer } from './create-server.ts';
import type { Section } from './page/section.ts';

const SECOND = 1000;
const CLOSE_WAIT_MS = 3 * SECOND;

export interface ConsoleOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Needed on any host that other machines reach. */
  password?: string;
  /** Whoever signs in with this one may only look. */
  viewerPassword?: string;
  /** Where people reach it, e.g. behind a proxy; with https, cookies go over https only. */
  publicUrl?: string;
  /** Pages besides the console's own. */
  sections?: readonly Section[];
}

export interface Console {
  url: string;
  /** Takes nothing new and finishes what is being answered, for a few seconds. */
  close(): Promise<void>;
}

/** Starts the web console. Throws `ConsoleRefused`, saying what to set. */
export async function startConsole(context: JobContext, options: ConsoleOptions): Promise<Console> {
  const { host, port, password, viewerPassword, publicUrl, sections } = options;
  if (!password && !isLoopback(host)) {
    throw new ConsoleRefused(
      'PASSWORD_MISSING',
      `With HOST=${host} other machines reach the console. Set CONSOLE_PASSWORD, or HOST=127.0.0.1 for this machine only.`,
    );
  }
  const app = await createServer(context, {
    host,
    ...(password && { passwords: { admin: password, ...(viewerPassword && { viewer: viewerPassword }) } }),
    ...(publicUrl && { publicUrl: new URL(publicUrl) }),
    ...(sections && { sections }),
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw refusedListen(error, host, port) ?? error;
  }
  return {
    url: urlOf(host, (app.server.address() as AddressInfo).port),
    async close() {
      const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_WAIT_MS);
      await app.close();
      clearTimeout(timer);
    },
  };
}

/** An address to click on: that of all interfaces is none. */
function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
