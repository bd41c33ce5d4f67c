import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Passwords, roleOf } from './passwords.ts';
import { readSession } from './session.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import type { Visitor } from './visitor.ts';

const MINUTE = 60_000;
const MOST_FAILURES = 10;
export const SIGN_IN_PATH = '/sign-in';

/** Wrong passwords, whichever way they come. */
export function passwordThrottle(): Throttle {
  return createThrottle({ most: MOST_FAILURES, perMs: MINUTE });
}

/**
 * Every route that is not `open` needs a password: people sign in, programs send it as `Authorization: Bearer` or Basic. A
 * browser that has not signed in is sent to the form.
 */
export function requireSignIn(app: FastifyInstance, passwords: Passwords, throttle: Throttle): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.open || request.routeOptions.config?.public) return;
    const sent = sentPassword(request.headers.authorization);
    if (sent === undefined) {
      request.visitor = readSession(request) ?? null;
      return request.visitor ? undefined : askToSignIn(request, reply);
    }
    const waitMs = throttle.waitMs(request.ip);
    if (waitMs > 0) return refuseForNow(reply, waitMs);
    const role = roleOf(sent.password, passwords);
    if (!role) {
      throttle.fail(request.ip);
      return askToSignIn(request, reply);
    }
    request.visitor = { role, actor: sent.name || `api (${role})`, via: 'header' } satisfies Visitor;
  });
}

export function refuseForNow(reply: FastifyReply, waitMs: number): FastifyReply {
  const seconds = Math.ceil(waitMs / 1000);
  const error = `Too many wrong passwords; try again in ${seconds} s.`;
  return reply.status(429).header('retry-after', seconds).send({ error });
}

function askToSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  if (isPage) return reply.redirect(`${SIGN_IN_PATH}?back=${encodeURIComponent(request.url)}`, 303);
  return reply
    .status(401)
    .header('www-authenticate', 'Bearer realm="pmsync"')
    .send({ error: 'Sign in, or send the password of CONSOLE_PASSWORD as "Authorization: Bearer <password>".' });
}

function sentPassword(authorization: string | undefined): { password: string; name: string } | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(.+)$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return { password: value, name: '' };
  if (scheme === '') return undefined;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return { password: pair.slice(colon + 1), name: pair.slice(0, Math.max(0, colon)) };
}
