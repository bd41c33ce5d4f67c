import type { FastifyInstance } from 'fastify';
import { hostName, isLoopback } from './loopback.ts';

/**
 * Without a password, whoever can make a browser of this machine ask would be in: a page may give its own domain name our
 * address (DNS rebinding). Its requests still carry that name.
 */
export function checkHost(app: FastifyInstance, configured: string): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.open) return;
    const name = hostName(request.headers.host);
    if (name !== undefined && (isLoopback(name) || name === configured.toLowerCase())) return;
    return reply
      .status(403)
      .send({ error: 'Without CONSOLE_PASSWORD the console answers under localhost only. Set CONSOLE_PASSWORD.' });
  });
}
