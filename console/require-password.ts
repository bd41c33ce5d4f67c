import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { createThrottle } from './throttle.ts';

const MINUTE = 60_000;
const MOST_FAILURES = 10;

/** HTTP Basic over every route that is not `open`; the user name is whatever one likes. */
export function requirePassword(app: FastifyInstance, password: string): void {
  const expected = digest(password);
  const throttle = createThrottle({ most: MOST_FAILURES, perMs: MINUTE });

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.open) return;
    const waitMs = throttle.waitMs(request.ip);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      return reply
        .status(429)
        .header('retry-after', seconds)
        .send({ error: `Too many wrong passwords; try again in ${seconds} s.` });
    }
    const given = passwordOf(request.headers.authorization);
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    // A browser asks without one first; that is no guess.
    if (given !== undefined) throttle.fail(request.ip);
    return reply
      .status(401)
      .header('www-authenticate', 'Basic realm="pmsync", charset="UTF-8"')
      .send({ error: 'The password is that of CONSOLE_PASSWORD; any user name will do.' });
  });
}

function passwordOf(authorization: string | undefined): string | undefined {
  const encoded = /^basic +([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** Of equal length whatever the password, so that the comparison takes equal time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
