import { startConsole } from '../console/start-console.ts';
import { frontDesk } from '../hotel/front-desk/index.ts';
import { prepareHouses } from '../jobs/prepare-houses.ts';
import { startScheduler } from '../scheduler/start-scheduler.ts';
import { startWorkers } from '../workers/start-workers.ts';
import type { Runtime } from './runtime.ts';

export const ROLES = ['all', 'scheduler', 'worker', 'console'] as const;
export type Role = (typeof ROLES)[number];

export interface System {
  /** Address of the console, when this process has one. */
  url?: string;
  /** Takes nothing new, finishes what is at work. True when all was done in time. */
  stop(): Promise<boolean>;
}

/** Starts what a role stands for. When one part cannot start, those before it are stopped again. */
export async function startSystem({ context, environment, cardKey }: Runtime, role: Role): Promise<System> {
  const { host, port, consolePassword, consoleViewerPassword, consoleUrl, shutdownTimeoutMs } = environment;
  const stops: (() => Promise<boolean>)[] = [];
  const stop = async () => {
    // All at once: each may need the whole time there is.
    const inTime = await Promise.all(stops.splice(0).map((stopPart) => stopPart()));
    return inTime.every(Boolean);
  };
  const has = (part: Role) => role === 'all' || role === part;
  try {
    if (has('worker')) {
      const workers = await startWorkers(context);
      // The rest of the time-out is for closing connections.
      stops.push(() => workers.stop(shutdownTimeoutMs * 0.8));
    }
    if (has('scheduler')) {
      const scheduler = await startScheduler(context);
      stops.push(() => scheduler.stop().then(() => true));
    }
    if (!has('console')) return { stop };
    await prepareHouses(context);
    const hasHotel = context.settings.sources.some(({ name }) => name === 'hotel');
    const console = await startConsole(context, {
      host,
      port,
      ...(consolePassword && { password: consolePassword }),
      ...(consoleViewerPassword && { viewerPassword: consoleViewerPassword }),
      ...(consoleUrl && { publicUrl: consoleUrl }),
      ...(hasHotel && { sections: [frontDesk({ cardKey })] }),
    });
    stops.push(() => console.close().then(() => true));
    return { url: console.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
