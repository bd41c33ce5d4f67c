import type { FetchContext, Found, One } from '../define-source.ts';
import { Gone, Unavailable } from '../errors.ts';
import { call, recordOf } from './api.ts';

/**
 * A record by its id. `noun` is how a refusal names it. `emptyIsAbsent`: an empty success counts as "not there"; without it
 * only the vendor's word does.
 */
export function byId(method: string, noun: RegExp, { emptyIsAbsent = false } = {}): One {
  return {
    rateClass: 'read',
    fetch: (context, externalId) =>
      absentWhenGone(async () => {
        const record = recordOf(await call(context, method, { id: externalId }, { record: noun }), method, externalId);
        if (record !== undefined) return { record };
        if (emptyIsAbsent) return { absent: 'not found' };
        throw new Unavailable(`${method}: answered success without a record`, fieldsOf(context));
      }),
  };
}

export async function absentWhenGone(ask: () => Promise<Found>): Promise<Found> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Gone) return { absent: error.message };
    throw error;
  }
}

const fieldsOf = ({ account }: FetchContext) => ({ source: account.source, account: account.name });
