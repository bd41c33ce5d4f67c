import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

/** A route as the console has registered it. */
export interface Route {
  method: string;
  /** As registered, `/runs/:id`. */
  pattern: string;
  /** With the names of its parameters as their values. */
  path: string;
  access: 'open' | 'public' | 'signed in';
  forViewers: boolean;
}

const READING = ['GET', 'HEAD', 'OPTIONS'];
export const isReading = ({ method }: Route): boolean => READING.includes(method);
/** Answers that never end. */
export const isEndless = ({ path }: Route): boolean => path === '/events';
export const titleOf = ({ method, path }: Route): string => `${method} ${path}`;

/** `pattern` with its parameters replaced. */
export function fillIn(pattern: string, value: (name: string) => string): string {
  return pattern.replace(/:(\w+)[^/]*/g, (_, name: string) => value(name)).replace(/\*$/, () => value('rest'));
}

/** The routes of every server that is made while `work` runs: Fastify says on a channel of Node's when it begins one. */
export async function routesOf<T>(work: () => Promise<T>): Promise<{ result: T; routes: Route[] }> {
  const routes: Route[] = [];
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url: pattern, config }) => {
      const access = config?.open ? 'open' : config?.public ? 'public' : 'signed in';
      const path = fillIn(pattern, (name) => name);
      for (const one of [method].flat())
        routes.push({ method: one, pattern, path, access, forViewers: config?.forViewers ?? false });
    });
  };
  subscribe('fastify.initialization', listen);
  try {
    return { result: await work(), routes };
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}
