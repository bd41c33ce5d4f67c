import { hash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import { sqlState } from './sql-state.ts';

const MARK = '/* prepared */ ';
const MARKED = /^\s*\/\* prepared \*\//;

/** With fewer rows a plan for just these costs little, and is the better one. */
const FEWEST_ROWS = 100;

/**
 * Begins a statement that carries so many rows. Those of whole pages PostgreSQL reads and plans once for a connection, instead
 * of each time, because a plan for just these values holds copies of them. The text must be the same time and again.
 */
export function prepared(rows: number): RawBuilder<unknown> {
  return sql.raw(rows >= FEWEST_ROWS ? MARK : '');
}

/** Texts that vary more than expected must not fill the memory of the server. */
const MOST_A_CONNECTION = 60;
/** The name means nothing to the server, or something else: a pooler has changed the connection behind our back. */
const UNKNOWN_NAME = '26000';
const NAME_IS_TAKEN = '42P05';

/** Whether a pooler between us and PostgreSQL has lost a prepared statement: what failed is to be done again. */
export function isLostStatement(state: string | undefined): boolean {
  return state === UNKNOWN_NAME || state === NAME_IS_TAKEN;
}

/** Gives the connections of a pool names for the marked statements, as long as the server knows them again. */
export function prepareMarked(pool: pg.Pool): void {
  let isKept = true;
  pool.on('connect', (client) => {
    const names = new Map<string, string>();
    const plain = client.query.bind(client) as (...asked: unknown[]) => unknown;
    const query = (...asked: unknown[]) => {
      const [text, values] = asked;
      const name = isKept && typeof text === 'string' && MARKED.test(text) ? nameOf(names, text) : undefined;
      if (!name) return plain(...asked);
      return (plain({ name, text, values }) as Promise<unknown>).catch((error: unknown) => {
        if (isLostStatement(sqlState(error))) isKept = false;
        throw error;
      });
    };
    Object.assign(client, { query });
  });
}

function nameOf(names: Map<string, string>, text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= MOST_A_CONNECTION) return known;
  const name = `pmsync_${hash('md5', text)}`;
  names.set(text, name);
  return name;
}
