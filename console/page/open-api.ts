import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod';

const DESCRIPTION = `Everything the console shows and does. With a password set, send it as \`Authorization: Bearer <password>\`:
CONSOLE_PASSWORD may do everything, CONSOLE_VIEWER_PASSWORD may only read. Errors are problem documents (RFC 9457).`;

/** Requests are read by zod schemas; the same ones describe the routes under `/api` in `/api/openapi.json`. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  // Answers are plain JSON; their schemas only describe.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'pmsync', description: DESCRIPTION, version: '1' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    hideUntagged: false,
    transform: (route) => {
      const isApi = route.url.startsWith('/api/');
      return jsonSchemaTransform(isApi ? route : { ...route, schema: { ...route.schema, hide: true } });
    },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
