import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

type Directives = Record<string, string[]>;

const OWN_FILES: Directives = {
  defaultSrc: ["'none'"],
  imgSrc: ["'self'", 'data:'],
  scriptSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};
const PAGES: Directives = { ...OWN_FILES, styleSrc: ["'self'"] };
/** A single-page application that styles elements itself. */
export const APP_POLICY: Directives = {
  ...OWN_FILES,
  fontSrc: ["'self'", 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
};

/** Nothing but our own files, no inline script or style, no frames. `https`: browsers keep to it from then on. */
export async function addSecurityHeaders(app: FastifyInstance, { https }: { https: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: PAGES },
    // Not `no-referrer`: with it a browser sends `Origin: null` with forms.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https,
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'));
}
