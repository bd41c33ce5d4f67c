import type { FastifyInstance } from 'fastify';
import type { JobContext } from '../../jobs/define-job.ts';
import type { Language } from '../../words/dictionary.ts';

/** A group of pages with an entry in the menu. */
export interface Section {
  path: string;
  words: Record<Language, string>;
  /** Paths of its pages that do not begin like `path`. */
  also?: readonly string[];
  add(app: FastifyInstance, context: JobContext): void | Promise<void>;
}

export type MenuItem = Pick<Section, 'path' | 'words' | 'also'>;

declare module 'fastify' {
  interface FastifyInstance {
    menu: readonly MenuItem[];
  }
}
