import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { LANGUAGES } from '../../words/dictionary.ts';
import { LANGUAGE_COOKIE } from './language.ts';
import { localPath } from './local-path.ts';

const YEAR_S = 365 * 24 * 3600;

/** `/language/ru?back=/runs`: remembers the language and goes back. */
export function addLanguageSwitch(app: FastifyInstance): void {
  const schema = {
    hide: true,
    params: z.object({ language: z.enum(LANGUAGES) }),
    querystring: z.object({ back: z.string().optional() }),
  };
  app.get<{ Params: { language: string }; Querystring: { back?: string } }>(
    '/language/:language',
    { config: { public: true }, schema },
    async ({ params, query }, reply) =>
      reply.setCookie(LANGUAGE_COOKIE, params.language, { maxAge: YEAR_S }).redirect(localPath(query.back), 303),
  );
}
