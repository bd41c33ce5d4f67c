import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';

const LAST = '/* last */ ';
/** Commits that nobody waits for the disk with. */
const NOT_FOR_THE_DISK = 'set local synchronous_commit = off';

/**
 * Begins the last statement of a transaction: `commit` goes out right behind it. What it locks is then free as soon as
 * PostgreSQL is done with it, and not when this process, which may be short of a processor, has read the answer.
 */
export const last: RawBuilder<unknown> = sql.raw(LAST);

export const notForTheDisk: RawBuilder<unknown> = sql.raw(NOT_FOR_THE_DISK);

const ANSWERED = { command: '', rowCount: 0, rows: [] };

type Answer = Pick<pg.QueryResult, 'command'>;

/**
 * Spares a transaction the waits that tell it nothing: for the answers to its first words, and, with all that it has locked,
 * for the one to its last statement. The connections of the pool have to be pipelined. Where the first words fail, the
 * statement after them fails with their error.
 */
export function waitLess(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const plain = client.query.bind(client) as (...asked: unknown[]) => Promise<Answer> | undefined;
    let refused: unknown;
    let commit: Promise<Answer> | undefined;

    function ahead(asked: unknown[]) {
      plain(...asked)?.catch((error: unknown) => {
        refused ??= error;
      });
      return Promise.resolve(ANSWERED);
    }

    /** The transaction's end, which went out with its last statement. */
    async function end(text: unknown, sent: Promise<Answer>) {
      if (text !== 'commit' && text !== 'rollback')
        throw new Error('Nothing can be asked in a transaction after its last statement.');
      commit = undefined;
      const answer = await sent;
      if (refused) throw refused;
      if (text === 'rollback' && answer.command === 'COMMIT')
        throw new Error('The transaction was given up after its last statement, and is committed.');
      return answer;
    }

    const query = (...asked: unknown[]) => {
      const [text] = asked;
      if (commit) return end(text, commit);
      if (text === 'begin' || text === 'rollback') refused = undefined;
      // What followed was no transaction then.
      if (text === 'commit' && refused) return Promise.reject(refused);
      if (text === 'begin' || text === NOT_FOR_THE_DISK) return ahead(asked);
      const answer = plain(...asked);
      if (typeof text === 'string' && text.startsWith(LAST)) {
        commit = plain('commit');
        // Whoever ends the transaction hears of it.
        commit?.catch(() => {});
      }
      // None where a callback is answered.
      return answer?.catch((error: unknown) => {
        throw refused ?? error;
      });
    };
    Object.assign(client, { query });
  });
}
