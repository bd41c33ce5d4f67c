import type { FastifyInstance } from 'fastify';
import { hostName, isLoopback } from './loopback.ts';

export interface Hosts {
  /** The address that is listened on. */
  listening: string;
  /** The host of `CONSOLE_URL`. */
  published?: string;
  /** Without one, only this machine may ask. */
  hasPassword: boolean;
}

/**
 * Without a password, whoever can make a browser of this machine ask would be in: a page may give its own domain name our
 * address (DNS rebinding). Its requests still carry that name. With `CONSOLE_URL`, only that name and this machine's are ours.
 */
export function checkHost(app: FastifyInstance, { listening, published, hasPassword }: Hosts): void {
  if (hasPassword && published === undefined) return;
  const names = [listening, published].filter((name) => name !== undefined).map((name) => name.toLowerCase());
  const error = hasPassword
    ? `The console answers under ${published} (CONSOLE_URL) only.`
    : 'Without CONSOLE_PASSWORD the console answers under localhost only. Set CONSOLE_PASSWORD.';
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.open) return;
    const name = hostName(request.headers.host);
    if (name !== undefined && (isLoopback(name) || names.includes(name))) return;
    return reply.status(403).send({ error });
  });
}
