import type { FastifyInstance } from 'fastify';
import type { JobContext } from '../../jobs/define-job.ts';
import type { Language } from '../../words/dictionary.ts';

/** A group of pages with an entry in the menu. */
export interface Section {
  path: string;
  words: Record<Language, string>;
  add(app: FastifyInstance, context: JobContext): void | Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    menu: readonly Pick<Section, 'path' | 'words'>[];
  }
}
