import { startConsole } from '../../console/start-console.ts';
import {
  type RentprogSimulator,
  type RentprogSimulatorOptions,
  startRentprogSimulator,
} from '../../sources/rentprog/simulator.ts';
import type { QueueBackend } from './backends.ts';
import { type Answer, ask, basic } from './console.ts';
import { type System, startSystem } from './system.ts';
import { type Browsing, signIn } from './visitor.ts';

/** A pipeline that has synced once, and a console on it with somebody of each role signed in. */
export interface ConsoleWorld {
  simulator: RentprogSimulator;
  system: System;
  url: string;
  admin: Browsing;
  viewer: Browsing;
  /** What a path under `/api` answers to the admin. */
  json(path: string): Promise<unknown>;
  /** The same of a change. */
  post(path: string, body: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

export const ADMIN_PASSWORD = 'the admin word';
export const VIEWER_PASSWORD = 'the viewer word';
/** Whatever a vendor or a visitor sends, it stays text. */
export const XSS = '<img src=x onerror=alert()>';

export async function openConsoleWorld(
  backend: QueueBackend,
  options: RentprogSimulatorOptions = {},
): Promise<ConsoleWorld> {
  const few = { seed: 5, limits: null, branches: ['tbilisi', 'batumi'], cars: 6 };
  const simulator = await startRentprogSimulator({ ...few, ...options });
  const system = await startSystem({ backend, simulator });
  await system.sync();
  const passwords = { password: ADMIN_PASSWORD, viewerPassword: VIEWER_PASSWORD };
  const web = await startConsole(system.context, { host: '127.0.0.1', port: 0, ...passwords });
  const { url } = web;
  const program = { ...basic(ADMIN_PASSWORD), accept: 'application/json' };
  return {
    simulator,
    system,
    url,
    admin: await signIn(url, ADMIN_PASSWORD, 'Anna'),
    viewer: await signIn(url, VIEWER_PASSWORD, 'Viktor'),
    async json(path) {
      const { status, text } = await ask(url + path, 'GET', program);
      if (status !== 200) throw new Error(`${path} was answered ${status}: ${text}`);
      return JSON.parse(text);
    },
    post: (path, body) =>
      ask(url + path, 'POST', { ...program, 'content-type': 'application/json' }, JSON.stringify(body)),
    async stop() {
      await web.close();
      await system.stop();
      await simulator.close();
    },
  };
}

/** The words of a page without its markup. */
export function wordsOf({ text }: Answer): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}
