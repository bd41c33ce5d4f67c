import type { FastifyInstance } from 'fastify';

const OWN_FILES =
  "default-src 'none'; img-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
const PAGE_POLICY = `${OWN_FILES}; style-src 'self'`;
/** A single-page application that styles elements itself. */
export const APP_POLICY = `${OWN_FILES}; script-src 'self'; connect-src 'self'; font-src 'self' data:; style-src 'self' 'unsafe-inline'`;

export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.headers({
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      // Not `no-referrer`: with it a browser sends `Origin: null` with forms.
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });
}
