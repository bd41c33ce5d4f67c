import type { AskDatabase, EntityDefinition, FetchContext } from './define-source.ts';

type Reading = Required<Pick<EntityDefinition, 'listing' | 'one' | 'readInHouse'>>;

const ROWS_A_PAGE = 2000;
const FIRST_PAGE = 'all';
/** What an `integer` column may hold; anything else is an id that no record has. */
const isId = (text: string) => /^-?\d{1,10}$/.test(text) && Math.abs(Number(text)) < 2 ** 31;

/**
 * How the records of an entity are read that lie in our own database. `select` is SQL with the columns of a record, among
 * them an integer `id` by which the pages go on; nothing personal may be in it that has no business in the mirror.
 */
export function readInHouse(select: string): Reading {
  const records = `select * from (${select}) r`;
  const byIds = (ask: AskDatabase, ids: readonly string[]) =>
    ask(`${records} where r.id = any($1::integer[]) order by r.id`, [ids.filter(isId)]);
  return {
    readInHouse: byIds,
    listing: {
      rateClass: 'read',
      first: () => [FIRST_PAGE],
      async fetch(context, page) {
        const after = page === FIRST_PAGE ? null : page;
        const rows = await database(context)(
          `${records} where $1::integer is null or r.id > $1 order by r.id limit ${ROWS_A_PAGE}`,
          [after],
        );
        const last = rows.at(-1);
        return { records: rows, next: last && rows.length === ROWS_A_PAGE ? [String(last.id)] : [] };
      },
    },
    one: {
      rateClass: 'read',
      async fetch(context, externalId) {
        const [record] = await byIds(database(context), [externalId]);
        return record ? { record } : { absent: 'not there' };
      },
    },
  };
}

function database({ askDatabase, account }: FetchContext): AskDatabase {
  if (!askDatabase) throw new Error(`${account.source} is read from the database, and this context has none.`);
  return askDatabase;
}
