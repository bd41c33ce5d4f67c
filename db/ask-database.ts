import { CompiledQuery } from 'kysely';
import type { AskDatabase } from '../sources/define-source.ts';
import type { Db } from './connection.ts';

/** The way of a source to tables of its own. Inside a transaction it reads what that sees. */
export function askDatabase(db: Db): AskDatabase {
  return async (text, values = []) => {
    const { rows } = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]));
    return rows;
  };
}
