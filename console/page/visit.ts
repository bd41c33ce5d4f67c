import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../words/dictionary.ts';
import type { Visitor } from '../access/visitor.ts';
import { languageOf } from './language.ts';
import type { MenuItem } from './section.ts';

/** One request for a page, as its reader and its view need it. */
export interface Visit {
  language: Language;
  visitor: Visitor;
  /** Whether buttons that change something are of use. */
  mayChange: boolean;
  /** Path and query, to come back to. */
  url: string;
  /** The hidden field of every form: a token that only our pages know. */
  csrf(): string;
  /** The pages there are. */
  menu: readonly MenuItem[];
  /** When the page is made. */
  at: Date;
}

const NOBODY: Visitor = { role: 'viewer', actor: '', via: 'session' };

export function visitOf(request: FastifyRequest, reply: FastifyReply): Visit {
  const visitor = request.visitor ?? NOBODY;
  let token: string | undefined;
  return {
    language: languageOf(request),
    visitor,
    mayChange: visitor.role === 'admin',
    url: request.url,
    menu: request.server.menu,
    csrf: () => {
      token ??= reply.generateCsrf();
      return token;
    },
    at: new Date(),
  };
}
